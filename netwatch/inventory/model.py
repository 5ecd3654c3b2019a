"""The data model of the inventory: every key of the files under ``config/inventory/``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self, TypeVar, cast

from pydantic import ConfigDict, Field, PrivateAttr, field_validator, model_validator
from pydantic.dataclasses import dataclass

from netwatch.core.units import BitRate, Ratio
from netwatch.inventory.checks import CheckClass
from netwatch.inventory.contracts import Contract
from netwatch.inventory.flows import Border, Flow, Vantage
from netwatch.inventory.logins import LoginSpec
from netwatch.inventory.maintenance import MaintenanceWindow
from netwatch.inventory.meetings import CalendarSpec, MeetingSpec, Preflight
from netwatch.inventory.terms import (
    Address,
    AddressRange,
    Alias,
    Day,
    Entry,
    FormerTarget,
    Identifier,
    SecretName,
    Stage,
    Text,
    TimeZone,
)

T = TypeVar("T")


class Province(Entry):
    """The province that is monitored.

    Attributes:
        timezone: of all times in the inventory and on pages.
    """

    name_vi: Text
    name: Text
    timezone: TimeZone = "Asia/Ho_Chi_Minh"


class Tier(Entry):
    """A level of administration. Data, because Viet Nam has changed its levels before.

    Attributes:
        rank: order on pages, the highest level first (0).
        availability: share of the time in which a site must be reachable, 0 to 1; None when nothing
            is promised.
        kinds: the English word for each Vietnamese word that site names of this tier begin with,
            as in ``Xã: commune``; sites without an English name get one from it.
    """

    name_vi: Text
    name: Text
    rank: int = Field(ge=0, le=100)
    availability: Ratio | None = None
    kinds: dict[Text, Text] = {}

    @field_validator("availability")
    @classmethod
    def _can_be_kept(cls, value: float | None) -> float | None:
        if value is not None and not 0 < value < 1:
            raise ValueError("must be between 0% and 100%, e.g. 99.5%; 100% can't be promised")
        return value


class Network(Entry):
    """An administrative network: the State's or the Party's.

    Attributes:
        opaque: whether ids of its sites must reveal nothing, because only they leave the network.
    """

    name_vi: Text
    name: Text
    opaque: bool = False


class ServiceTime(Entry):
    """The time in which a place or a line is in service.

    Attributes:
        state: as long as no date says more.
        since: its first day of service; before it, it is planned.
        until: its last day of service; after it, it is retired.
    """

    state: Stage = "active"
    since: Day | None = None
    until: Day | None = None

    @model_validator(mode="after")
    def _is_served_at_a_time(self) -> Self:
        check_service(self.state, self.since, self.until)
        return self


def check_service(state: Stage, since: date | None, until: date | None) -> None:
    """Nothing, where a time of service can be.

    Raises:
        ValueError: the last day is missing, or lies before the first one.
    """
    if state == "retired" and until is None:
        raise ValueError("is retired, but nothing says since when; add until: the last day")
    if since is not None and until is not None and until < since:
        raise ValueError(f"ends on {until}, before it begins on {since}; correct one")


@dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Target:
    """One address at a site. Not an ``Entry``, which would take ten times as much memory.

    Attributes:
        role: router, switch, firewall, codec, mcu, server ...
        depends_on: each ``site/target``, or ``target`` of this site, through which it is reached.
        check_class: id of the class to use instead of the one that matches role and tier.
        snmp: id of the SNMP credential to use instead of the one of the class.
        alias: its user name or number in the meeting system, which SIP asks for.
        shares_address: why another target may have the same address.
        formerly: its ids of before; ``site/target`` where it stood elsewhere.
        state: likewise ``since`` and ``until``, as of ``ServiceTime``.
    """

    address: Address
    role: Identifier
    name_vi: Text | None = None
    depends_on: tuple[str, ...] = ()
    check_class: Identifier | None = Field(default=None, alias="class")
    snmp: Identifier | None = None
    alias: Alias | None = None
    vendor: Text | None = None
    model: Text | None = None
    shares_address: Text | None = None
    formerly: tuple[FormerTarget, ...] = ()
    state: Stage = "active"
    since: Day | None = None
    until: Day | None = None

    @model_validator(mode="after")
    def _is_served_at_a_time(self) -> Self:
        check_service(self.state, self.since, self.until)
        return self


class Carrier(Entry):
    """Who runs lines; they name it by its id or its name.

    Attributes:
        phone: to call when a line is cut.
    """

    name: Text
    phone: Text | None = None


class Uplink(Entry):
    """The line from a site's router to its parent's router: the short form of a ``Link``.

    Attributes:
        carrier: who runs the line.
        contract: number to quote when calling the carrier, or the id of one of ``contracts``.
        capacity: bits a second.
        interface: the interface of this site's router that the line is plugged into.
        parent_interface: the interface at the other end.
        formerly: its ids of before, beside those that it had from its site's.
    """

    carrier: Text
    contract: Text | None = None
    capacity: BitRate
    interface: Text | None = None
    parent_interface: Text | None = None
    formerly: tuple[Identifier, ...] = ()


class LinkEnd(Entry):
    """One end of a line.

    Attributes:
        target: ``site/target`` that it is plugged into.
        interface: ifName there; None when it is not known.
    """

    target: str
    interface: Text | None = None


class Link(ServiceTime):
    """A WAN line between two sites.

    Attributes:
        carrier: who runs the line.
        contract: number to quote when calling the carrier, or the id of one of ``contracts``.
        capacity: bits a second.
        formerly: its ids of before.
        source: as of a site.
    """

    a: LinkEnd
    b: LinkEnd
    carrier: Text
    contract: Text | None = None
    capacity: BitRate
    name_vi: Text | None = None
    formerly: tuple[Identifier, ...] = ()
    source: Identifier | None = None


class Site(ServiceTime):
    """A place: data centre, department, district, commune, Party office.

    Attributes:
        formerly: its ids of before; what is known by them goes on under the present one.
        source: where it comes from, as netbox; what is written by hand has none.
    """

    tier: Identifier
    network: Identifier = "state"
    parent: Identifier | None = None
    name_vi: Text
    name: Text | None = None
    coordinates: (
        tuple[Annotated[float, Field(ge=-90, le=90)], Annotated[float, Field(ge=-180, le=180)]]
        | None
    ) = None
    targets: dict[Identifier, Target] = {}
    uplink: Uplink | None = None
    formerly: tuple[Identifier, ...] = ()
    source: Identifier | None = None

    @field_validator("targets", mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        """A bare address is a target; ``switch-2`` is a switch unless its role is given."""
        if not isinstance(value, dict):
            return value
        targets: dict[Any, Any] = {}
        for target_id, target in value.items():
            entry = {"address": target} if isinstance(target, str) else target
            if isinstance(entry, dict) and "role" not in entry:
                entry = {"role": str(target_id).split("-")[0], **entry}
            targets[target_id] = entry
        return targets


class CommunitySpec(Entry):
    """An SNMP v2c credential; ``community`` is the name of a secret, not the community itself."""

    version: Literal["2c"]
    community: SecretName


class UserSpec(Entry):
    """An SNMP v3 credential; ``auth_key`` and ``priv_key`` are names of secrets.

    Attributes:
        legacy: allows MD5, DES, and a user without privacy.
    """

    version: Literal["3"]
    user: Text
    auth_protocol: Literal["md5", "sha1", "sha224", "sha256", "sha384", "sha512"] = "sha256"
    auth_key: SecretName
    priv_protocol: Literal["none", "des", "aes128", "aes192", "aes256"] = "aes128"
    priv_key: SecretName | None = None
    legacy: bool = False

    @model_validator(mode="after")
    def _strong_and_whole(self) -> UserSpec:
        weak = {self.auth_protocol, self.priv_protocol} & {"md5", "des", "none"}
        if weak and not self.legacy:
            raise ValueError(
                f"too weak: {', '.join(sorted(weak))}; use sha256 and aes128,"
                " or write legacy: true for a device that can do no better"
            )
        if (self.priv_protocol == "none") != (self.priv_key is None):
            raise ValueError(
                "priv_key must be given, unless priv_protocol is none, and then it must not"
            )
        return self


CredentialSpec = Annotated[CommunitySpec | UserSpec, Field(discriminator="version")]


class Objective(Entry):
    """A goal that an official plan sets.

    Attributes:
        kind: ``sites``: what share of the sites of some tiers must be reachable; ``exchange``:
            what share of the flows that must pass does, both ways; ``meetings``: what share of this
            month's meetings was held online; ``rooms``: what share of their rooms was ready at the
            start.
        tiers: of the sites that count; for ``exchange``, of the areas that get a figure of their
            own, where a flow belongs to the area in which the target stands that it calls.
        level: of the meetings that count; None for all.
        goal: 0 to 1.
    """

    name_vi: Text
    name: Text
    kind: Literal["sites", "exchange", "meetings", "rooms"] = "sites"
    tiers: tuple[Identifier, ...] = ()
    level: Identifier | None = None
    goal: Ratio

    @model_validator(mode="after")
    def _counts_something(self) -> Objective:
        is_of_meetings = self.kind in {"meetings", "rooms"}
        if is_of_meetings and self.tiers:
            raise ValueError(f"kind {self.kind} counts by level, not by tiers; remove tiers")
        if not is_of_meetings and (not self.tiers or self.level):
            raise ValueError(f"kind {self.kind} counts by tiers; name some, and no level")
        return self


class Inventory(Entry):
    """Everything that is known of the province, merged from all files and cross-checked."""

    province: Province
    ranges: tuple[AddressRange, ...] = Field(min_length=1)
    tiers: dict[Identifier, Tier]
    networks: dict[Identifier, Network]
    credentials: dict[Identifier, CredentialSpec] = {}
    logins: dict[Identifier, LoginSpec] = {}
    classes: dict[Identifier, CheckClass]
    sites: dict[Identifier, Site]
    links: dict[Identifier, Link] = {}
    carriers: dict[Identifier, Carrier] = {}
    contracts: dict[Identifier, Contract] = {}
    vantages: dict[Identifier, Vantage] = {}
    canaries: tuple[str, ...] = ()
    flows: dict[Identifier, Flow] = {}
    borders: dict[Identifier, Border] = {}
    objectives: dict[Identifier, Objective] = {}
    maintenance: dict[Identifier, MaintenanceWindow] = {}
    meetings: dict[Identifier, MeetingSpec] = {}
    calendars: dict[Identifier, CalendarSpec] = {}
    preflight: Preflight = Preflight()

    _made: dict[object, object] = PrivateAttr(default_factory=dict)

    def once(self, make: Callable[[Inventory], T]) -> T:
        """What a function makes of this inventory: made once, and the same for all who ask."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("T", self._made[make])

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy, of which everything is made anew."""
        copy = super().model_copy(update=update, deep=deep)
        copy._made = {}  # noqa: SLF001 (its own)
        return copy

    def targets(self) -> Iterator[tuple[str, Site, str, Target]]:
        """Every target as (site id, site, target id, target), in the order of the files."""
        for site_id, site in self.sites.items():
            for target_id, target in site.targets.items():
                yield site_id, site, target_id, target
