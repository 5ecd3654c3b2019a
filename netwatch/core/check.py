"""A check: what is measured, how often, and for how long an answer is waited for."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Generic, Self

from typing_extensions import TypeVar

if TYPE_CHECKING:
    from netwatch.core.credential import Credential, UserCredential
    from netwatch.core.login import Login
    from netwatch.core.params import ProbeParams

P_co = TypeVar("P_co", bound="ProbeParams", covariant=True, default="ProbeParams")

MAX_OPERATIONS = 10
"""Operations that we make at one router: its processor has other work than to ping for us."""


@dataclass(frozen=True, slots=True)
class Router:
    """A router that measures for us, and is asked what it found.

    Attributes:
        address: IPv4 or IPv6 address in text form.
        asker: the vantage whose collector asks it.
        writer: who may make operations of our own there; None where nobody may.
    """

    address: str
    asker: str
    writer: UserCredential | None = None


@dataclass(frozen=True, slots=True)
class Check(Generic[P_co]):
    """One target measured by one probe: the unit that is scheduled.

    A probe takes checks of its own parameters, e.g. ``Check[TcpParams]``.

    Attributes:
        site: id of the site where the target stands.
        target: id of the target within its site.
        kind: kind of probe, as the inventory names it (``icmp``, ``tcp``).
        probe: the kind, and what tells two checks of a kind on one target apart (``tcp:1720``);
            the value of the ``probe`` label.
        address: IPv4 or IPv6 address in text form; never a host name.
        interval: seconds between two slots.
        timeout: seconds after which an answer no longer counts.
        params: what the probe needs besides, checked by the probe's own schema.
        credential: how to log in to an SNMP agent; at ``via`` where there is one.
        login: how to log in to another service that wants it.
        flow: id of the Party-State flow that this check measures; None for a target's own check.
        via: the router that is asked to measure the target; None when this machine does.
    """

    site: str
    target: str
    kind: str
    probe: str
    address: str
    interval: float
    timeout: float
    params: P_co
    credential: Credential | None = None
    flow: str | None = None
    login: Login | None = None
    via: Router | None = None

    @property
    def id(self) -> str:
        """Site, target, probe and flow: the same over restarts and reloads."""
        place = f"{self.site}/{self.target}/{self.probe}"
        return place if self.flow is None else f"{place}@{self.flow}"


@dataclass(frozen=True, slots=True)
class InterfaceCheck(Check[P_co]):
    """One interface of a device that a check polls, asked for alone, outside the slots.

    Its result says something of lines, but is no result of the check: most of it is missing.

    Attributes:
        interface: its ifName.
    """

    interface: str = ""

    @classmethod
    def of(cls, check: Check[P_co], interface: str) -> Self:
        """Ask for this interface what ``check`` asks for all."""
        same = {each.name: getattr(check, each.name) for each in fields(Check)}
        return cls(**same, interface=interface)
