"""The fault script: what goes wrong in the province, when, and for how long.

A YAML file::

    repeat: 10m
    faults:
      - {at: 60s, for: 45s, cut: thanh-ha}
      - {at: 2m, for: 2m, loss: {site: an-luong, ratio: 8%}}
      - {at: 4m, for: 2m, delay: {site: lai-xuan, delay: 180ms, jitter: 40ms}}
      - {at: 6m, for: 30s, reboot: so-y-te/switch}
      - {at: 7m, for: 60s, open: party-to-state-smb}
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from netwatch.core.errors import ConfigError, Problem
from netwatch.core.units import Duration, Ratio
from netwatch.inventory.yaml import Document, TreePath, read_file
from netwatch.lab.world import World

_Positive = Annotated[Duration, Field(gt=0)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Loss(_Entry):
    """A line that loses a share of the packets on the way to a site and all sites behind it."""

    site: str
    ratio: Ratio


class Delay(_Entry):
    """A line that is slow on the way to a site and all sites behind it.

    Attributes:
        delay: seconds added to each packet.
        jitter: up to so many seconds more, evenly spread.
    """

    site: str
    delay: Duration = Field(le=60)
    jitter: Duration = Field(default=0.0, le=60)


class Fault(_Entry):
    """One thing that goes wrong.

    Attributes:
        at: seconds after the beginning of the script.
        duration: seconds until it is over (``for`` in the file); None: until the lab ends.
        cut: a site, or a link; all that is reached through it falls silent.
        reboot: ``site/target``; silent, then up again with sysUpTime from 0.
        open: id of a flow that is expected to be blocked, and passes meanwhile.
    """

    at: Duration
    duration: _Positive | None = Field(default=None, alias="for")
    cut: str | None = None
    loss: Loss | None = None
    delay: Delay | None = None
    reboot: str | None = None
    open: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Fault:
        if sum(getattr(self, kind) is not None for kind in KINDS) != 1:
            raise ValueError(f"write exactly one of {', '.join(KINDS)}")
        if self.reboot is not None and self.duration is None:
            raise ValueError("a reboot must end; write e.g. for: 30s")
        return self

    @property
    def kind(self) -> str:
        """What happens: one of ``KINDS``."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def subject(self) -> str:
        """Whom it happens to: id of a site, link, target or flow."""
        told = getattr(self, self.kind)
        return told if isinstance(told, str) else str(told.site)


KINDS = ("cut", "loss", "delay", "reboot", "open")


class Script(_Entry):
    """A whole file.

    Attributes:
        repeat: seconds after which it begins anew; None: it is played once.
    """

    repeat: _Positive | None = None
    faults: tuple[Fault, ...] = ()


class Turn(NamedTuple):
    """A fault begins or ends.

    Attributes:
        due: seconds after the lab started.
        fault: position in the script.
        begins: True for its begin, False for its end.
    """

    due: float
    fault: int
    begins: bool


def timeline(script: Script) -> Iterator[Turn]:
    """Every turn in the order of time; endless when the script repeats."""
    for start in itertools.count(0.0, script.repeat or 0.0):
        yield from sorted(_turns(script, start))
        if script.repeat is None or not script.faults:
            return


def _turns(script: Script, start: float) -> Iterator[Turn]:
    for number, fault in enumerate(script.faults):
        begin = start + fault.at
        yield Turn(begin, number, begins=True)
        if fault.duration is not None:
            yield Turn(begin + fault.duration, number, begins=False)


def load_script(path: Path, world: World) -> Script:
    """Read a fault script and check that the province has what it names.

    Raises:
        ConfigError: with every mistake, each at its file and line.
    """
    document = read_file(path)
    problems = [Problem(str(m.place), m.message) for m in document.mistakes]
    if problems:
        raise ConfigError(problems)
    try:
        script = Script.model_validate(document.root)
    except ValidationError as error:
        raise ConfigError(
            [
                Problem(_place(document, path, e["loc"]), f"{_key(e['loc'])}{e['msg']}")
                for e in error.errors(include_url=False)
            ]
        ) from None
    for number, fault in enumerate(script.faults):
        place = _place(document, path, ("faults", number))
        problems += [Problem(place, message) for message in _mistakes(fault, script, world)]
    if problems:
        raise ConfigError(problems)
    return script


def _place(document: Document, path: Path, where: TreePath) -> str:
    """The innermost place that the file has on the way to ``where``."""
    for depth in range(len(where), 0, -1):
        if place := document.places.get(tuple(where[:depth])):
            return str(place)
    return f"{path}:1"


def _key(where: TreePath) -> str:
    keys = [str(part) for part in where if isinstance(part, str) and part != "faults"]
    return f"{'.'.join(keys)}: " if keys else ""


def _mistakes(fault: Fault, script: Script, world: World) -> Iterator[str]:
    known: dict[str, tuple[set[str], str]] = {
        "cut": ({*world.addresses, *world.lines}, "site or link"),
        "loss": ({*world.addresses}, "site"),
        "delay": ({*world.addresses}, "site"),
        "reboot": ({*world.devices}, "target (site/target)"),
        "open": ({*world.barriers}, "flow that is expected to be blocked"),
    }
    names, what = known[fault.kind]
    if fault.subject not in names:
        yield f"the inventory has no {what} called {fault.subject!r}; correct the name"
    if script.repeat is None:
        return
    if fault.at + (fault.duration or 0) > script.repeat:
        yield "ends after the script has begun anew; make it shorter or repeat later"
    if fault.duration is None:
        yield "would never end although the script repeats; write e.g. for: 45s"
