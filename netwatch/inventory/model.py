"""The grammar of the inventory: what may stand in the files under ``config/inventory/``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from netwatch.core.units import BitRate, Duration, Ratio
from netwatch.inventory.meetings import CalendarSpec, MeetingSpec
from netwatch.inventory.terms import (
    Address,
    AddressRange,
    Identifier,
    SecretName,
    Text,
)

Alias = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.+-]{1,64}$")]
"""A user or number of a meeting system."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Province(_Entry):
    """What is watched."""

    name_vi: Text
    name: Text
    timezone: str = "Asia/Ho_Chi_Minh"


class Tier(_Entry):
    """A level of administration. Data, because Viet Nam has changed its levels before.

    Attributes:
        rank: order on pages, the highest level first (0).
        kinds: English word for the Vietnamese word that names of this tier begin with, as in
            ``Xã: commune``; a site without an English name gets one from it.
    """

    name_vi: Text
    name: Text
    rank: int = Field(ge=0, le=100)
    kinds: dict[Text, Text] = {}


class Network(_Entry):
    """An administrative network: the State's, the Party's."""

    name_vi: Text
    name: Text


class Target(_Entry):
    """One address at a site.

    Attributes:
        role: router, switch, firewall, codec, mcu, server ...
        depends_on: ``site/target``, or ``target`` of this site, that this one is reached through.
        check_class: the class to use instead of the one that matches role and tier.
        snmp: id of the credential, where it is not the one of the class.
        alias: its user or number in the meeting system, which SIP asks for.
        shares_address: why another target may have the same address.
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


class Uplink(_Entry):
    """The line from a site's router to its parent's router, written at the site: a short link.

    Attributes:
        carrier: who runs the line.
        contract: number to quote when calling the carrier.
        capacity: bits a second.
        interface: the interface of this site's router that the line is plugged into.
        parent_interface: the interface at the other end.
    """

    carrier: Text
    contract: Text | None = None
    capacity: BitRate
    interface: Text | None = None
    parent_interface: Text | None = None


class LinkEnd(_Entry):
    """Where a line is plugged in."""

    target: str
    interface: Text | None = None


class Link(_Entry):
    """A WAN line between two sites, with both its ends."""

    a: LinkEnd
    b: LinkEnd
    carrier: Text
    contract: Text | None = None
    capacity: BitRate
    name_vi: Text | None = None


class Site(_Entry):
    """A place: data centre, department, district, commune, Party office."""

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


class Match(_Entry):
    """Which targets a class is for. A class that also names tiers goes before one that doesn't."""

    roles: tuple[Identifier, ...] = Field(min_length=1)
    tiers: tuple[Identifier, ...] = ()


class Limits(_Entry):
    """Beyond these a reachable target is ``degraded``.

    Attributes:
        loss: share of the last echoes that were lost.
        rtt: seconds, mean over the last echoes.
        jitter: seconds, RFC 3550.
    """

    loss: Ratio = 0.05
    rtt: Duration = 0.15
    jitter: Duration = 0.05


class CheckSpec(BaseModel):
    """One check of a class. Further keys belong to the probe, and its own schema judges them."""

    model_config = ConfigDict(frozen=True, extra="allow")

    probe: Identifier
    interval: Duration = Field(ge=0.2, le=86400)
    timeout: Duration = Field(default=1.0, gt=0, le=60)

    @model_validator(mode="after")
    def _ends_within_its_slot(self) -> CheckSpec:
        if self.timeout > self.interval:
            raise ValueError("timeout is longer than interval; make it at most as long")
        return self


class CheckClass(_Entry):
    """How targets of a role and tier are checked.

    Attributes:
        checks: the first one decides whether the target is reachable; the others can only degrade.
        snmp: id of the credential for targets that name none themselves.
        down_after: bad results in a row until the state is hard.
        up_after: good results in a row until the state is good again.
    """

    match: Match
    checks: tuple[CheckSpec, ...] = Field(min_length=1, max_length=16)
    snmp: Identifier | None = None
    limits: Limits = Limits()
    down_after: int = Field(default=3, ge=1, le=100)
    up_after: int = Field(default=2, ge=1, le=100)


class CommunitySpec(_Entry):
    """SNMP v2c. ``community`` is the name of a secret, never the community itself."""

    version: Literal["2c"]
    community: SecretName


class UserSpec(_Entry):
    """SNMP v3. ``auth_key`` and ``priv_key`` are names of secrets.

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


class Vantage(_Entry):
    """A place where a collector stands."""

    site: Identifier
    name_vi: Text


class Flow(_Entry):
    """One exchange between two networks, that must pass or must stay blocked.

    Attributes:
        vantage: where it is measured from (``from`` in the file).
        to: ``site/target`` that is called.
        probe: ``icmp`` or ``tcp``, with the probe's own keys beside it in ``check``.
        expect: ``pass`` or ``blocked``.
        reference: the official document that demands it.
    """

    name_vi: Text
    name: Text | None = None
    vantage: Identifier = Field(alias="from")
    to: str
    check: CheckSpec
    expect: Literal["pass", "blocked"]
    owner: Text | None = None
    reference: Text | None = None


class Objective(_Entry):
    """An official figure of the plan: the share of sites of some tiers that must be reachable."""

    name_vi: Text
    name: Text
    tiers: tuple[Identifier, ...] = Field(min_length=1)
    goal: Ratio


class Inventory(_Entry):
    """Everything that is known of the province, merged from all files and cross-checked."""

    province: Province
    ranges: tuple[AddressRange, ...] = Field(min_length=1)
    tiers: dict[Identifier, Tier]
    networks: dict[Identifier, Network]
    credentials: dict[Identifier, CredentialSpec] = {}
    classes: dict[Identifier, CheckClass]
    sites: dict[Identifier, Site]
    links: dict[Identifier, Link] = {}
    vantages: dict[Identifier, Vantage] = {}
    canaries: tuple[str, ...] = ()
    flows: dict[Identifier, Flow] = {}
    objectives: dict[Identifier, Objective] = {}
    meetings: dict[Identifier, MeetingSpec] = {}
    calendars: dict[Identifier, CalendarSpec] = {}

    def targets(self) -> Iterator[tuple[str, Site, str, Target]]:
        """Every target as (site id, site, target id, target), in the order of the files."""
        for site_id, site in self.sites.items():
            for target_id, target in site.targets.items():
                yield site_id, site, target_id, target
