"""The provinces that are drawn, and the moments at which they are looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from netwatch import probes
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory
from tests.dashboards.history.exchange import write_flows
from tests.dashboards.history.incidents import write_incidents
from tests.dashboards.history.meetings import AT_RISK, NOT_READY, UNKNOWN, Meeting, write_meetings
from tests.dashboards.history.page import (
    write_causes,
    write_echoes,
    write_inventory,
    write_objectives,
    write_states,
)
from tests.dashboards.history.rules import record
from tests.dashboards.history.story import PER_MINUTE, Span, Story
from tests.dashboards.history.tape import Tape
from tests.dashboards.history.wires import write_lines

SHIPPED = Path(__file__).parents[3] / "config" / "inventory"
DAWN = 1_790_000_000 // 900 * 900
"""Unix seconds at which the first story begins."""

_DAY = 86400
_MINUTES = 40

MEETINGS = (
    Meeting(
        "giao-ban-huyen",
        "Giao ban trực tuyến tỉnh - huyện",
        "province-district",
        near=29,
        held=Span(31, 95),
        rooms=13,
        unready=(NOT_READY, UNKNOWN, AT_RISK, NOT_READY),
    ),
    Meeting(
        "giao-ban-tu-ky",
        "Giao ban trực tuyến huyện Tứ Kỳ - xã",
        "district-commune",
        near=200,
        held=Span(260, 350),
        rooms=20,
    ),
)


@dataclass(frozen=True)
class Scene:
    """A moment of a story.

    Attributes:
        at: Unix seconds.
        says: what a person must read on the first screen of the province's dashboard.
    """

    name: str
    at: int
    says: tuple[str, ...]


def shipped() -> Inventory:
    """The province of 281 sites that is delivered with netwatch."""
    return load(SHIPPED)


def load(directory: Path) -> Inventory:
    """The inventory of a directory."""
    return load_inventory(directory, {name: kind.params for name, kind in probes.kinds().items()})


def at(minute: float, day: int = 0) -> int:
    """Unix seconds of a minute of the story of a day."""
    return DAWN + day * _DAY + round(60 * minute)


def tell(story: Story) -> None:
    """One thing after the other; at the end, several at once."""
    story.work("so-noi-vu", Span(0, _MINUTES))
    story.lose("so-xay-dung", Span(6, 26), 0.12)
    story.cut("thanh-ha", Span(10, 16))
    story.be_blind(Span(18, 21))
    story.passed["no-rdp-database-tinh-uy"] = Span(23, 27)
    story.cut("nam-sach", Span(36, _MINUTES), acknowledged=True)
    story.cut("tu-ky-an-thanh", Span(37, _MINUTES))
    story.silence("so-y-te", "codec", Span(37.5, _MINUTES))
    story.passed["no-ssh-portal-tinh-uy"] = Span(38, _MINUTES)
    story.broken["mail-tinh-uy"] = Span(36.5, _MINUTES)


async def write(  # noqa: PLR0913
    url: str,
    inventory: Inventory,
    *,
    day: int = 0,
    tell: Callable[[Story], None] = tell,
    meetings: tuple[Meeting, ...] = MEETINGS,
    with_rules: bool = True,
) -> Story:
    """Write the history of a day into the Prometheus at this address."""
    story = Story(inventory, _MINUTES * PER_MINUTE)
    tell(story)
    tape = Tape(at(0, day), story.length)
    await write_inventory(tape, story)
    write_states(tape, story)
    write_echoes(tape, story)
    write_causes(tape, story)
    write_lines(tape, story)
    write_flows(tape, story)
    write_objectives(tape, story)
    write_meetings(tape, story, meetings)
    write_incidents(tape, story)
    own = {"job": "prometheus", "instance": "127.0.0.1:9090"}
    tape.add("prometheus_tsdb_lowest_timestamp_seconds", own, float(tape.start))
    tape.send(url)
    if with_rules:
        record(tape, url)
    return story
