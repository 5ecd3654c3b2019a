"""The faults of the simulated province: the entries of a fault script. See docs/lab.md."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from netwatch.core.units import Duration, Ratio
from netwatch.lab.loss import highest_ratio

PositiveDuration = Annotated[Duration, Field(gt=0)]
"""Seconds, more than none."""


class ScriptEntry(BaseModel):
    """Anything in the file; keys that it doesn't know are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Loss(ScriptEntry):
    """A line that loses a share of the packets of a site and all sites behind it.

    Attributes:
        ratio: share of the packets of each address, in the long run.
        burst: mean number of packets of an address that are lost in a row; None: each for itself.
        way: ``out``, to the site, or ``back``.
    """

    site: str
    ratio: Ratio
    burst: float | None = Field(default=None, ge=1, le=1000)
    way: Literal["out", "back"] = "out"

    @model_validator(mode="after")
    def _possible(self) -> Loss:
        if self.burst is not None and self.ratio > (highest := highest_ratio(self.burst)):
            raise ValueError(
                f"bursts of {self.burst:g} lose at most {highest:.1%}, since a packet passes"
                " between two of them; make them longer or the ratio smaller"
            )
        return self


class Delay(ScriptEntry):
    """A line that is slow on the way to a site and all sites behind it.

    Attributes:
        delay: seconds added to each packet.
        jitter: up to so many seconds more, evenly spread.
    """

    site: str
    delay: Duration = Field(le=60)
    jitter: Duration = Field(default=0.0, le=60)


class Duplicate(ScriptEntry):
    """A line on which a share of the packets to a site, and all behind it, arrives twice."""

    site: str
    ratio: Ratio


class Reorder(ScriptEntry):
    """A line on which packets to a site, and all sites behind it, overtake each other.

    Attributes:
        ratio: share of packets that go a longer way.
        by: seconds that this way takes longer; whatever is sent meanwhile arrives before them.
    """

    site: str
    ratio: Ratio
    by: PositiveDuration = Field(le=60)


class Fault(ScriptEntry):
    """One fault: what goes wrong, when, and for how long.

    Attributes:
        at: seconds after the beginning of the script.
        duration: seconds until it is over (``for`` in the file); None: until the lab ends.
        cut: a site, or a link; all that is reached through it falls silent.
        blind: the collector's own cable is cut, at this vantage.
        reboot: ``site/target``; silent, then up again with sysUpTime from 0.
        open: id of a flow that is expected to be blocked, and passes meanwhile.
        call: a site; its SIP endpoints and those of all sites behind it are in a call.
    """

    at: Duration
    duration: PositiveDuration | None = Field(default=None, alias="for")
    cut: str | None = None
    loss: Loss | None = None
    delay: Delay | None = None
    duplicate: Duplicate | None = None
    reorder: Reorder | None = None
    blind: str | None = None
    reboot: str | None = None
    open: str | None = None
    call: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Fault:
        if sum(getattr(self, kind) is not None for kind in KINDS) != 1:
            raise ValueError(f"write exactly one of {', '.join(KINDS)}")
        if self.reboot is not None and self.duration is None:
            raise ValueError("a reboot must end; write e.g. for: 30s")
        return self

    @property
    def kind(self) -> str:
        """The kind of fault: one of ``KINDS``."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def subject(self) -> str:
        """The id of the site, link, target, flow or vantage that it happens to."""
        value = getattr(self, self.kind)
        return value if isinstance(value, str) else str(value.site)


KINDS = ("cut", "loss", "delay", "duplicate", "reorder", "blind", "reboot", "open", "call")
