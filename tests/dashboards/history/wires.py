"""What the daemon's page shows of lines, and of the interfaces at their ends."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netwatch.core.state import State
from netwatch.inventory.model import Link, LinkEnd
from tests.dashboards.history.page import REACHED, unit
from tests.dashboards.history.story import Story
from tests.dashboards.history.tape import STEP, Tape, Values

_WORST = (State.UNREACHABLE, State.UNKNOWN, State.DEGRADED, State.UP)


def write_lines(tape: Tape, story: Story) -> None:
    """Every line; traffic and interfaces where the inventory names an interface."""
    cut = {f.subject: f for f in story.faults if f.kind == "link"}
    for link_id, link in story.links().items():
        states = _state(story, link)
        if link_id in cut:
            states[cut[link_id].span.samples] = State.DOWN
        tape.add("netwatch_link_state", {"link": link_id}, states)
        for letter, end in (("a", link.a), ("b", link.b)):
            if end.interface:
                _write_end(tape, link_id, link, letter, end, states)


def _state(story: Story, link: Link) -> Values:
    ends = [_target(story, end) for end in (link.a, link.b)]
    ends = [np.where(states == State.DOWN, State.UNREACHABLE, states) for states in ends]
    worst = np.full(story.length, float(State.UP))
    for state in reversed(_WORST):
        worst[(ends[0] == state) | (ends[1] == state)] = state
    return worst


def _target(story: Story, end: LinkEnd) -> Values:
    site_id, _, target_id = end.target.partition("/")
    return story.targets[site_id, target_id]


def _write_end(  # noqa: PLR0913, PLR0917 - one end is told by all of these
    tape: Tape, link_id: str, link: Link, letter: str, end: LinkEnd, states: Values
) -> None:
    site_id, _, target_id = end.target.partition("/")
    place = {"site": site_id, "target": target_id}
    labels = {"link": link_id, "end": letter} | place
    is_up = np.isin(states, REACHED).astype(float)
    read = np.where(states != State.UNKNOWN, 1.0, np.nan)
    tape.add("netwatch_link_interface_up", labels, is_up * read)
    tape.add("netwatch_link_interface_speed_bits_per_second", labels, 1e9 * read)
    port = place | {"ifIndex": "1", "ifName": str(end.interface), "ifDescr": str(end.interface)}
    port |= {"ifAlias": f"WAN {link.carrier} {link.contract or ''}".strip()}
    tape.add("ifOperStatus", port, (2 - is_up) * read)
    tape.add("ifAdminStatus", port, read)
    tape.add("ifHighSpeed", port, 1000 * read)
    for direction, octets in _octets(link_id, link, letter, is_up):
        tape.add("netwatch_link_octets_total", labels | {"direction": direction}, octets)
        tape.add(f"ifHC{direction.capitalize()}Octets", port, octets * read)
        for kind, name in (("errors", "Errors"), ("discards", "Discards")):
            faulty = np.floor(octets / 2e9)
            tape.add(f"netwatch_link_{kind}_total", labels | {"direction": direction}, faulty)
            tape.add(f"if{direction.capitalize()}{name}", port, faulty * read)


def _octets(link_id: str, link: Link, letter: str, is_up: Values) -> Iterator[tuple[str, Values]]:
    """Octets by the direction that this end sees: what one end sends, the other one receives."""
    for direction, way in (("in", "b_to_a"), ("out", "a_to_b")):
        seen = way if letter == "a" else {"a_to_b": "b_to_a", "b_to_a": "a_to_b"}[way]
        share = 0.05 + 0.65 * unit(link_id + seen) ** 2
        wave = 1 + 0.3 * np.sin(np.arange(len(is_up)) / 17 + 10 * share)
        rate = share * wave * float(link.capacity) / 8 * is_up
        yield direction, np.cumsum(rate * STEP)
