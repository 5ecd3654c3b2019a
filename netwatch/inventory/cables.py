"""Cables between devices: what both ends report put together, and laid against known lines.

Two devices may have several cables between them, and each device knows its own interfaces best: the
name that the other end tells of a port may be another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Place = str
"""``site/target``."""


@dataclass(frozen=True, slots=True)
class NeighbourReport:
    """What one target reports of the neighbour on one of its interfaces.

    Attributes:
        place: the target that reports.
        interface: its interface; may be empty.
        name: the neighbour's sysName or device id.
        port: the neighbour's port; may be empty.
        address: the neighbour's address; may be empty.
    """

    place: Place
    interface: str
    name: str
    port: str
    address: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Cable:
    """A cable between two targets; ``a`` is the one that sorts first."""

    a: Place
    a_interface: str
    b: Place
    b_interface: str


@dataclass(slots=True)
class Heard:
    """What the devices at both ends of a pair report of each other.

    Attributes:
        of_first: for each own interface of the first device, the other's port as it heard of it.
        of_second: the same of the second one.
    """

    of_first: dict[str, str] = field(default_factory=dict)
    of_second: dict[str, str] = field(default_factory=dict)

    def take(self, report: NeighbourReport, other: Place) -> None:
        """Add a report about ``other``."""
        side = self.of_first if report.place < other else self.of_second
        side[report.interface] = side.get(report.interface) or report.port

    def cables(self, first: Place, second: Place) -> list[Cable]:
        """One cable for each interface that either end reports, in the order of their names."""
        rest = dict(self.of_second)
        found: list[Cable] = []
        lonely: list[Cable] = []
        for own, heard in sorted(self.of_first.items()):
            theirs = _match(own, heard, rest)
            if theirs is None:
                lonely.append(Cable(first, own, second, heard))
            else:
                found.append(Cable(first, own or rest[theirs], second, theirs or heard))
                del rest[theirs]
        if len(lonely) == len(rest) == 1:  # the same, by two names
            ((theirs, heard),) = rest.items()
            one = lonely.pop()
            rest = {}
            found.append(Cable(first, one.a_interface or heard, second, theirs or one.b_interface))
        found += lonely
        found += [Cable(first, heard, second, theirs) for theirs, heard in rest.items()]
        return sorted(found)


def _match(own: str, heard: str, others: Mapping[str, str]) -> str | None:
    """The other end's own interface of the same cable; None when no report goes with it."""
    if heard in others and (not heard or others[heard] in {own, ""}):
        return heard
    by_name = [theirs for theirs, told in others.items() if own and told == own]
    if len(by_name) == 1:
        return by_name[0]
    return heard if heard and heard in others else None


@dataclass(slots=True)
class LineMatch:
    """The lines between two targets beside the cables that are reported there.

    Attributes:
        new: cables that no line stands for.
        differing: by the line's id, its cable, which is plugged into other interfaces.
        missing: ids of lines that no cable stands for.
    """

    new: list[Cable] = field(default_factory=list)
    differing: dict[str, Cable] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def match_lines(lines: Mapping[str, Cable], cables: list[Cable]) -> LineMatch:
    """Find the cable of each line: by an interface, else any that is left."""
    match = LineMatch(new=list(cables))
    waiting: list[tuple[str, Cable]] = []
    for link_id, line in lines.items():
        same = [cable for cable in match.new if _is_same(line, cable)]
        if same:
            match.new.remove(same[0])
        else:
            waiting.append((link_id, line))
    for link_id, line in waiting:
        if not match.new:
            match.missing.append(link_id)
            continue
        cable = match.new.pop(0)
        if _differ(line, cable):
            match.differing[link_id] = cable
    return match


def _is_same(line: Cable, cable: Cable) -> bool:
    """Whether an interface that both name is the same, and no other one contradicts it."""
    named = any(
        one and one == other
        for one, other in (
            (line.a_interface, cable.a_interface),
            (line.b_interface, cable.b_interface),
        )
    )
    return named and not _differ(line, cable)


def cable_between(a: Place, a_interface: str, b: Place, b_interface: str) -> Cable:
    """A cable, whichever end is named first."""
    if a > b:
        a, a_interface, b, b_interface = b, b_interface, a, a_interface
    return Cable(a, a_interface, b, b_interface)


def _differ(known: Cable, reported: Cable) -> bool:
    """Whether an interface that both name has different names."""
    return any(
        one and other and one != other
        for one, other in (
            (known.a_interface, reported.a_interface),
            (known.b_interface, reported.b_interface),
        )
    )
