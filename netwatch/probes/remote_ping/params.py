"""Keys of ``probe: remote-ping``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import ClassVar

from pydantic import Field, field_validator, model_validator

from netwatch.core.params import Port, ProbeParams
from netwatch.core.units import Duration
from netwatch.snmp.remote_ping import RemotePing, load_remote_ping, remote_ping_names

LONGEST_NAME = 32
"""Octets of an owner or test name (RFC 4560)."""


class RemotePingParams(ProbeParams):
    """Which operation of the router is read. It is the network team that configured it.

    Attributes:
        profile: name of a file under ``netwatch/snmp/remote_pings``.
        operation: its number, where operations have one.
        owner: its owner, where operations are named by owner and test.
        test: its test name.
        max_age: seconds after which a probe is too old to count; None for two intervals.
        port: UDP port of the router's agent.
        zone: how far the router's time is ahead of UTC, where it does not say so itself.
    """

    shortest_interval: ClassVar[float] = 5.0
    by_router: ClassVar[bool] = True

    profile: str
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
        if not (name.isprintable() and 1 <= len(name.encode()) <= LONGEST_NAME):
            raise ValueError(f"write 1 to {LONGEST_NAME} printable octets")
        return name

    @field_validator("zone")
    @classmethod
    def _is_an_offset(cls, text: str) -> str:
        if not re.fullmatch(r"[+-](0\d|1[0-4]):[0-5]\d", text):
            raise ValueError(f"{text!r:.16} is no offset from UTC; write e.g. +07:00")
        return text

    @model_validator(mode="after")
    def _names_an_operation(self) -> RemotePingParams:
        numbered = self.mib.named_by == "number"
        if numbered and (self.operation is None or self.owner or self.test):
            raise ValueError(f"{self.profile} names an operation by number; write operation: 10")
        if not numbered and (self.operation is not None or not self.owner or not self.test):
            raise ValueError(f"{self.profile} names an operation by owner and test; write both")
        return self

    @property
    def mib(self) -> RemotePing:
        """How the router tells of its pings."""
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
