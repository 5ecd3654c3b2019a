"""The grammar of logins, to services that are no SNMP agents."""

from __future__ import annotations

from netwatch.inventory.terms import Entry, SecretName, Text


class LoginSpec(Entry):
    """A user and its password, or a secret by itself.

    Attributes:
        user: none where a token or a shared secret says enough.
        secret: name of the secret.
    """

    user: Text | None = None
    secret: SecretName
