"""SNMP credentials. Every secret is a ``SecretStr``, so no log or traceback can print it."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class CommunityCredential:
    """SNMP v2c (RFC 3416): a community string, sent in clear."""

    community: SecretStr


@dataclass(frozen=True, slots=True)
class UserCredential:
    """SNMP v3 user-based security (RFC 3414, RFC 7860).

    Attributes:
        user: the security name.
        auth_protocol: ``sha1``, ``sha224``, ``sha256``, ``sha384``, ``sha512`` or ``md5``.
        auth_key: password from which the authentication key is derived.
        priv_protocol: ``aes128``, ``aes192``, ``aes256`` or ``des``; None means authNoPriv.
        priv_key: password from which the privacy key is derived.
    """

    user: str
    auth_protocol: str
    auth_key: SecretStr
    priv_protocol: str | None = None
    priv_key: SecretStr | None = None


Credential = CommunityCredential | UserCredential
