"""Finds the credentials and logins that are used, and fills in their secrets."""

from __future__ import annotations

from typing import Protocol

from pydantic import SecretStr

from netwatch.core.credential import CommunityCredential, Credential, UserCredential
from netwatch.core.errors import ConfigError, Problem
from netwatch.core.login import Login
from netwatch.inventory.classes import check_class
from netwatch.inventory.logins import LoginSpec
from netwatch.inventory.model import CommunitySpec, CredentialSpec, Inventory, Site, Target

_DEFAULT_COMMUNITIES = frozenset({"public", "private"})


class Secrets(Protocol):
    """Where secrets are kept; ``netwatch.settings.SecretStore`` is one."""

    def get(self, name: str) -> SecretStr:
        """The secret called ``name``.

        Raises:
            ConfigError: it is missing, or may not be used.
        """


def credential_id(inventory: Inventory, site: Site, target: Target) -> str | None:
    """Id of the credential of a target: its own, else the one of its class."""
    return target.snmp or check_class(inventory, site, target).snmp


def resolve(spec: CredentialSpec, secrets: Secrets) -> Credential:
    """Fill a credential with its secrets.

    Raises:
        ConfigError: with a problem for every secret that is missing or may not be used.
    """
    if isinstance(spec, CommunitySpec):
        community = secrets.get(spec.community)
        if community.get_secret_value().lower() in _DEFAULT_COMMUNITIES:
            raise _refused(spec.community, "is a community that everyone knows; set another one")
        return CommunityCredential(community)
    problems: list[Problem] = []
    keys: list[SecretStr] = []
    for name in filter(None, (spec.auth_key, spec.priv_key)):
        try:
            keys.append(_key(name, secrets))
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)
    return UserCredential(
        user=spec.user,
        auth_protocol=spec.auth_protocol,
        auth_key=keys[0],
        priv_protocol=None if spec.priv_key is None else spec.priv_protocol,
        priv_key=None if spec.priv_key is None else keys[1],
    )


def resolve_login(spec: LoginSpec, secrets: Secrets) -> Login:
    """Fill a login with its secret.

    Raises:
        ConfigError: the secret is missing or may not be used.
    """
    return Login(secrets.get(spec.secret), spec.user)


def calendar_logins(inventory: Inventory, secrets: Secrets) -> dict[str, Login]:
    """The login of each calendar that has one.

    Raises:
        ConfigError: with a problem for every secret that is missing or may not be used.
    """
    found: dict[str, Login] = {}
    problems: list[Problem] = []
    for calendar_id, calendar in inventory.calendars.items():
        if calendar.login is None:
            continue
        try:
            found[calendar_id] = resolve_login(inventory.logins[calendar.login], secrets)
        except ConfigError as error:
            needed = f"needed by login {calendar.login} of calendar {calendar_id}"
            problems += [
                Problem(each.place, f"{each.message}; {needed}") for each in error.problems
            ]
    if problems:
        raise ConfigError(problems)
    return found


def _key(name: str, secrets: Secrets) -> SecretStr:
    """A password of at least 8 characters (RFC 3414, section 11.2)."""
    key = secrets.get(name)
    if len(key.get_secret_value()) < 8:
        raise _refused(name, "is shorter than 8 characters; set a longer one (RFC 3414)")
    return key


def _refused(name: str, message: str) -> ConfigError:
    return ConfigError([Problem(f"secret {name}", message)])
