"""Keys of ``probe: remote-ping``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import ClassVar, Self

from pydantic import Field, field_validator, model_validator

from netwatch.core.params import Port, RouterParams
from netwatch.core.units import Duration
from netwatch.snmp.ping_rows import number_of, owner_of, test_of
from netwatch.snmp.remote_ping import RemotePing, load_remote_ping, remote_ping_names

MAX_NAME_LENGTH = 32
"""Octets of an owner or test name (RFC 4560)."""


class RemotePingParams(RouterParams):
    """Which operation of the router is read: one of the network team's, or one of our own.

    Attributes:
        own: we make it, where the router allows us to write.
        profile: name of a file under ``netwatch/snmp/remote_pings``.
        operation: its number, where operations have one.
        owner: its owner, where operations are named by owner and test.
        test: its test name.
        max_age: seconds after which a probe is too old to count; None for two intervals.
        port: UDP port of the router's agent.
        zone: how far the router's time is ahead of UTC, where it does not say so itself.
    """

    shortest_interval: ClassVar[float] = 10.0

    profile: str
    own: bool = False
    operation: int | None = Field(default=None, ge=1, le=2**31 - 1)
    owner: str | None = None
    test: str | None = None
    max_age: Duration | None = Field(default=None, ge=1, le=86400)
    port: Port = 161
    zone: str = "+07:00"

    @field_validator("profile")
    @classmethod
    def _exists(cls, name: str) -> str:
        if name not in remote_ping_names():
            raise ValueError(
                f"no such MIB {name!r:.64}; use one of {', '.join(remote_ping_names())}"
            )
        return name

    @field_validator("owner", "test")
    @classmethod
    def _fits_an_index(cls, name: str) -> str:
        if not (name.isprintable() and 1 <= len(name.encode()) <= MAX_NAME_LENGTH):
            raise ValueError(f"write 1 to {MAX_NAME_LENGTH} printable octets")
        return name

    @field_validator("zone")
    @classmethod
    def _is_an_offset(cls, text: str) -> str:
        if not re.fullmatch(r"[+-](0\d|1[0-4]):[0-5]\d", text):
            raise ValueError(f"{text!r:.16} is no offset from UTC; write e.g. +07:00")
        return text

    @model_validator(mode="after")
    def _names_an_operation(self) -> RemotePingParams:
        if self.own:
            if self.operation is not None or self.owner or self.test:
                raise ValueError("an operation of our own has a name already; remove yours")
            if self.mib.making is None:
                raise ValueError(f"how to make one is not known for {self.profile}; remove own")
            return self
        numbered = self.mib.named_by == "number"
        if numbered and (self.operation is None or self.owner or self.test):
            raise ValueError(f"{self.profile} names an operation by number; write operation: 10")
        if not numbered and (self.operation is not None or not self.owner or not self.test):
            raise ValueError(f"{self.profile} names an operation by owner and test; write both")
        return self

    @property
    def writes(self) -> bool:
        """Whether we create the operation, so that its router must allow writing."""
        return self.own

    def owned(self, collector: str, flow: str) -> Self:
        """These parameters with the name of the operation that a collector makes for a flow."""
        if not self.own:
            return self
        owner = owner_of(collector)
        names: dict[str, str | int] = {"owner": owner, "test": test_of(flow)}
        if self.mib.named_by == "number":
            names["operation"] = number_of(owner, flow)
        return self.model_copy(update=names)

    @property
    def mib(self) -> RemotePing:
        """How the router reports its pings."""
        return load_remote_ping(self.profile)

    @property
    def index(self) -> str:
        """The sub-identifiers by which the rows of the operation are found."""
        return self.mib.index(self.operation, self.owner, self.test)

    @property
    def offset(self) -> timedelta:
        """``zone`` as a span of time."""
        hours, minutes = int(self.zone[1:3]), int(self.zone[4:])
        span = timedelta(hours=hours, minutes=minutes)
        return -span if self.zone[0] == "-" else span
