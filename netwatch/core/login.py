"""Logins to services other than SNMP agents; the secret is never printed."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class Login:
    """A user name and password, or a secret by itself: a token, a shared secret.

    Attributes:
        secret: the password, the token or the shared secret.
        user: None where there is only a secret.
    """

    secret: SecretStr
    user: str | None = None
