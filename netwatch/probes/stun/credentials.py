"""Long-term credentials (RFC 8489, section 9.2): MD5 and HMAC-SHA1, which every server knows."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import md5
from unicodedata import normalize

from netwatch.core.login import Login


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a server wants its password to be mixed with.

    Attributes:
        realm: who asks.
        nonce: valid for some time.
    """

    realm: bytes
    nonce: bytes


@dataclass(frozen=True, slots=True)
class Credentials:
    """An answer to a challenge; printing it shows no key.

    Attributes:
        user: as it is sent.
        challenge: which one.
    """

    user: bytes
    challenge: Challenge
    _key: bytes

    def __repr__(self) -> str:
        return f"Credentials({self.user!r}, {self.challenge!r})"

    def integrity(self, message: bytes) -> bytes:
        """Of a message whose header already counts the attribute that this goes into (14.5)."""
        return hmac.digest(self._key, message, "sha1")


def credentials_for(challenge: Challenge, login: Login) -> Credentials:
    """The credentials for a challenge (section 9.2.2)."""
    user = normalize("NFC", login.user or "").encode()
    password = normalize("NFC", login.secret.get_secret_value()).encode()
    key = md5(b":".join((user, challenge.realm, password)), usedforsecurity=False).digest()
    return Credentials(user, challenge, key)
