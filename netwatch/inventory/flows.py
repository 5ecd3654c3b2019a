"""The grammar of flows between networks, of the vantages they begin at, and of borders."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from netwatch.core.params import Port
from netwatch.core.units import Duration
from netwatch.inventory.checks import CheckSpec
from netwatch.inventory.terms import Entry, Identifier, Text
from netwatch.inventory.window import Window


class Vantage(Entry):
    """A place that is measured from: where a collector stands, or a router that measures for it.

    Attributes:
        router: the site's target that sends the pings; None where a collector stands.
        asked_by: the vantage whose collector asks the router what it found.
        writes: id of the credential with which that collector may create ping operations on the
            router; None for a router that is only read.
    """

    site: Identifier
    name_vi: Text
    router: Identifier | None = None
    asked_by: Identifier | None = None
    writes: Identifier | None = None

    @model_validator(mode="after")
    def _is_asked_if_a_router(self) -> Vantage:
        if (self.router is None) != (self.asked_by is None):
            raise ValueError("router and asked_by belong together; write both, or neither")
        if self.router is None and self.writes is not None:
            raise ValueError("writes is for a router; remove it")
        return self

    @property
    def asked(self) -> str | None:
        """``site/target`` of the router; None where a collector stands."""
        return None if self.router is None else f"{self.site}/{self.router}"


MAX_BLOCKED_INTERVAL = 60.0
"""Seconds between two tries of a blocked flow: a way that is open for a minute is seen."""


class Flow(Entry):
    """Traffic from one network to another that must pass or must stay blocked.

    Attributes:
        vantage: where it is measured from (``from`` in the file).
        to: ``site/target`` that is called.
        check: how it is tried, with the probe's own keys.
        expect: ``pass`` or ``blocked``.
        by: how it must be blocked: by silence, or by a refusal; None if either will do.
        control: ``site/target`` whose answer proves that silence is a block and not a dead line;
            None for ``to`` itself.
        back: id of the flow in the other direction, which must pass too for this one to count in
            an objective of kind ``exchange``.
        schedule: when it is judged; None for always.
        purpose: what it is for.
        owner: who is responsible for it.
        reference: the official document that demands it.
        formerly: its ids of before.
    """

    name_vi: Text
    name: Text | None = None
    vantage: Identifier = Field(alias="from")
    to: str
    check: CheckSpec
    expect: Literal["pass", "blocked"]
    by: Literal["drop", "reject"] | None = None
    control: str | None = None
    back: str | None = None
    schedule: Window | None = None
    purpose: Text | None = None
    owner: Text | None = None
    reference: Text | None = None
    formerly: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _proves_what_it_expects(self) -> Flow:
        if self.expect == "pass" and (self.by or self.control):
            raise ValueError("by and control are for flows that expect blocked; remove them")
        if self.expect == "blocked" and self.back:
            raise ValueError("back is for flows that expect pass; remove it")
        if self.expect == "blocked" and self.check.interval > MAX_BLOCKED_INTERVAL:
            raise ValueError(
                "interval of a blocked flow is at most 60s, so that a way that is open for a"
                " minute is seen"
            )
        return self


class Service(Entry):
    """A service that passes a border: a check that must succeed at every target of some roles.

    Attributes:
        back: the ``back`` of every flow that follows from it.
    """

    name_vi: Text
    name: Text | None = None
    roles: tuple[Identifier, ...] = Field(min_length=1)
    check: CheckSpec
    back: str | None = None


class Border(Entry):
    """From these networks to those only these services may pass: the short form of many flows.

    Attributes:
        source: networks whose vantages measure it (``from`` in the file).
        to: networks whose targets are called.
        services: what must pass; nothing else may.
        forbidden_ports: TCP ports that are tried where no service is.
        sample: how many of those tries are made from each vantage.
        interval: seconds between two tries of a forbidden port.
        timeout: seconds that one of them may take.
        formerly: its ids of before.
    """

    name_vi: Text
    name: Text | None = None
    source: tuple[Identifier, ...] = Field(alias="from", min_length=1)
    to: tuple[Identifier, ...] = Field(min_length=1)
    services: tuple[Service, ...] = Field(min_length=1, max_length=64)
    forbidden_ports: tuple[Port, ...] = Field(min_length=1, max_length=64)
    sample: int = Field(default=20, ge=0, le=2000)
    interval: Duration = Field(default=MAX_BLOCKED_INTERVAL, ge=1, le=MAX_BLOCKED_INTERVAL)
    timeout: Duration = Field(default=3.0, gt=0, le=60)
    owner: Text | None = None
    reference: Text | None = None
    formerly: tuple[Identifier, ...] = ()

    @model_validator(mode="after")
    def _ends_within_its_slot(self) -> Border:
        if self.timeout > self.interval:
            raise ValueError("timeout is longer than interval; make it at most as long")
        return self
