"""Incidents of made-up causes, and a journal that keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netwatch.incidents import words
from netwatch.incidents.cause_seen import CauseSeen, IncidentSource
from netwatch.incidents.desk import IncidentDesk
from netwatch.incidents.follower import REOPEN_TIME, IncidentFollower
from netwatch.incidents.incident import Incident, Kind, Severity
from netwatch.incidents.shape import Words
from netwatch.incidents.store import IncidentStore, find_kept
from netwatch.inventory.model import Inventory
from netwatch.journal.file import NAME
from netwatch.journal.writer import JournalWriter
from tests.harness.builders import make_inventory
from tests.harness.waiting import eventually

T = 1_790_000_000.0
"""Unix time at which the stories of tests begin."""

ROUTER = "nam-sach", "router"


def line(since: float, *sites: str, **changes: Any) -> CauseSeen:
    """The line of a district is cut, and these sites are behind it."""
    values: dict[str, Any] = {
        "kind": Kind.LINE,
        "cause": "link:nam-sach-uplink",
        "title": words.say("Đứt đường truyền Nam Sách", "Line Nam Sach is cut"),
        "severity": Severity.CRITICAL,
        "since": since,
        "site": "nam-sach",
        "carrier": "VNPT",
        "contract": "HD-1",
        "first": ROUTER,
        "behind": dict.fromkeys(sites, since),
    }
    return CauseSeen(**(values | changes))


def device(since: float, *sites: str, **changes: Any) -> CauseSeen:
    """The router of the same district is silent."""
    kind = {"kind": Kind.DEVICE, "cause": "target:nam-sach/router"}
    return line(since, *sites, **(kind | {"carrier": None, "contract": None} | changes))


@dataclass
class Script(IncidentSource):
    """Tells what a test says. Attributes: now, what is seen; known, whether the rest is over."""

    kinds = frozenset(Kind)

    now: list[CauseSeen] = field(default_factory=list)
    known: bool = True
    explanation: str = ""

    def seen(self) -> list[CauseSeen]:
        return list(self.now)

    def end_of(self, incident: Incident) -> Words | None:
        return words.BACK if self.known else None

    def explained_by(self, incident: Incident) -> str:
        return self.explanation


@dataclass
class Run:
    """A follower and the journal that it writes."""

    script: Script
    follower: IncidentFollower
    writer: JournalWriter
    path: Path

    def at(self, now: float, *seen: CauseSeen) -> Incident:
        """Let these causes, and no others, be seen at a moment; returns the newest incident."""
        self.script.now = list(seen)
        self.follower.tick(now)
        newest = [*self.follower.open.values(), *self.follower.ended.values()]
        return max(newest, key=lambda each: each.named, default=NOTHING)

    def written(self) -> None:
        """Wait until everything is in the journal."""
        eventually(lambda: self.writer._connection is not None and not self.writer._waiting)


NOTHING = Incident(Kind.LINE, "", words.say("", ""), Severity.INFO, 0.0, 0.0)


@contextmanager
def running(directory: Path, now: float = T, inventory: Inventory | None = None) -> Iterator[Run]:
    """One life of a daemon with a journal in this directory, which begins at a moment."""
    path = directory / NAME
    kept = find_kept(path, now - REOPEN_TIME) if path.exists() else []
    writer = JournalWriter(path, keep=86400.0 * 3650)
    writer.start()
    script = Script()
    store = IncidentStore(writer, path, kept)
    try:
        yield Run(
            script, IncidentFollower([script], store, inventory or make_inventory()), writer, path
        )
    finally:
        writer.stop()


def empty_desk() -> IncidentDesk:
    """A desk without a journal, at which nothing has happened."""
    return IncidentDesk(IncidentFollower([], IncidentStore(), make_inventory()))
