"""The grammar of check classes: what is measured of which targets, and within which limits."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator

from netwatch.core.units import Duration, Ratio
from netwatch.inventory.terms import Entry, Identifier


class Match(Entry):
    """The targets that a class is for. One that names tiers is preferred to one that doesn't."""

    roles: tuple[Identifier, ...] = Field(min_length=1)
    tiers: tuple[Identifier, ...] = ()


class Limits(Entry):
    """The limits beyond which a reachable target is ``degraded``.

    Attributes:
        loss: share of the last echoes that were lost, 0 to 1.
        rtt: seconds, mean over the last echoes.
        jitter: seconds, RFC 3550.
    """

    loss: Ratio = 0.05
    rtt: Duration = 0.15
    jitter: Duration = 0.05


class CheckSpec(BaseModel):
    """One check of a class. Further keys are the probe's parameters, which its schema validates."""

    model_config = ConfigDict(frozen=True, extra="allow")

    probe: Identifier
    interval: Duration = Field(ge=0.2, le=86400)
    timeout: Duration = Field(default=1.0, gt=0, le=60)

    @model_validator(mode="after")
    def _ends_within_its_slot(self) -> CheckSpec:
        if self.timeout > self.interval:
            raise ValueError("timeout is longer than interval; make it at most as long")
        return self


class CheckClass(Entry):
    """How targets of a role and tier are checked.

    Attributes:
        checks: the first one decides whether the target is reachable; the others can only degrade.
        snmp: id of the credential for targets that name none themselves.
        down_after: bad results in a row until the state is hard.
        up_after: good results in a row until the state is good again.
        confirm_losses: echoes in a row, asked at once after a late one, that prove a target down
            before ``down_after`` does; 0: only ``down_after`` counts.
        confirm_spread: seconds from the first of them to the last, at least.
    """

    match: Match
    checks: tuple[CheckSpec, ...] = Field(min_length=1, max_length=16)
    snmp: Identifier | None = None
    limits: Limits = Limits()
    down_after: int = Field(default=5, ge=1, le=100)
    up_after: int = Field(default=2, ge=1, le=100)
    confirm_losses: int = Field(default=8, ge=0, le=100)
    confirm_spread: Duration = Field(default=5.5, ge=0, le=600)
