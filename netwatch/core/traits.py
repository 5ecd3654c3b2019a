"""What other rooms ask about a kind of probe, so that none of them compares names of kinds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CredentialKind(StrEnum):
    """How a probe logs in."""

    SNMP = "snmp"
    """As an SNMP manager: with a credential of the target or of its class."""
    LOGIN = "login"
    """With a login that the check names; see ``netwatch.core.params.LoginParams``."""


@dataclass(frozen=True, slots=True)
class Traits:
    """The traits of a kind of probe, declared beside its parameters.

    Attributes:
        echo_stream: a target's own checks are so many and so cheap that their results travel as
            columns (``netwatch.core.streams``); its probe is a ``StreamProbe``.
        media_stream: sends packets as a call does, so what it finds holds for every room of the
            site.
        reads_interfaces: its samples tell the state and the counters of a device's interfaces.
        credential: how it logs in; None where it does not.
        alias_key: the key that a target's alias fills where the check leaves it empty; None where
            the probe needs no alias.
    """

    echo_stream: bool = False
    media_stream: bool = False
    reads_interfaces: bool = False
    credential: CredentialKind | None = None
    alias_key: str | None = None
