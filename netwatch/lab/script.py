"""The fault script: what goes wrong in the province, when, and for how long.

A YAML file::

    repeat: 10m
    faults:
      - {at: 60s, for: 45s, cut: thanh-ha}
      - {at: 2m, for: 2m, loss: {site: an-luong, ratio: 8%, burst: 3}}
      - {at: 4m, for: 2m, delay: {site: lai-xuan, delay: 180ms, jitter: 40ms}}
      - {at: 6m, for: 30s, reboot: so-y-te/switch}
      - {at: 7m, for: 60s, open: party-to-state-smb}
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from netwatch.core.errors import ConfigError, Problem
from netwatch.inventory.yaml import Document, TreePath, read_file
from netwatch.lab.faults import Fault, PositiveDuration, ScriptEntry
from netwatch.lab.world import World


class Script(ScriptEntry):
    """The content of a fault script.

    Attributes:
        repeat: seconds after which it begins anew; None: it is played once.
    """

    repeat: PositiveDuration | None = None
    faults: tuple[Fault, ...] = ()


class FaultEvent(NamedTuple):
    """The begin or the end of a fault.

    Attributes:
        due: seconds after the lab started.
        fault: position in the script.
        begins: True for its begin, False for its end.
    """

    due: float
    fault: int
    begins: bool


def timeline(script: Script) -> Iterator[FaultEvent]:
    """All begins and ends of faults in the order of time; endless when the script repeats."""
    for start in itertools.count(0.0, script.repeat or 0.0):
        yield from sorted(_events(script, start))
        if script.repeat is None or not script.faults:
            return


def _events(script: Script, start: float) -> Iterator[FaultEvent]:
    for number, fault in enumerate(script.faults):
        begin = start + fault.at
        yield FaultEvent(begin, number, begins=True)
        if fault.duration is not None:
            yield FaultEvent(begin + fault.duration, number, begins=False)


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
    """File and line of the innermost key on the way to ``where`` that the file has."""
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
        "duplicate": ({*world.addresses}, "site"),
        "reorder": ({*world.addresses}, "site"),
        "blind": ({world.vantage}, "vantage with a collector in the lab"),
        "reboot": ({*world.devices}, "target (site/target)"),
        "open": ({*world.barriers}, "flow that is expected to be blocked"),
        "call": ({*world.addresses}, "site"),
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
