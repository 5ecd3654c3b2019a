"""What reports cost: the account of a year of 12 000 sites, and a province's month on paper."""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from netwatch.core.state import State
from netwatch.core.timeline import Interval
from netwatch.journal.file import open_journal
from netwatch.report.account.history import Facts, History, LineFacts, SiteFacts, StateEvent
from netwatch.report.account.period import Period, midnight
from netwatch.report.account.whole import account_of
from netwatch.report.journal import read_history

SITES = 12_000
OUTAGES = 100_000
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PROVINCE = """
from pathlib import Path
from netwatch.report.make import PaperScope, read
from netwatch.report.papers.forms import render
from netwatch.settings import Settings
from tests.report.histories import month
from tests.report.province import EXAMPLE, example, write_month
import sys, time
period = month(2026, 10, "Asia/Ho_Chi_Minh")
inventory = example()
write_month(Path(sys.argv[1]), inventory, period, cuts=300)
settings = Settings(state_dir=Path(sys.argv[1]), inventory=EXAMPLE)
for form in ("json", "pdf", "xlsx", "docx"):
    began = time.process_time()
    paper = read(settings, inventory, period).paper(PaperScope(), "vi")
    size = len(render(paper, form, period.zone))
    print(f"| a province's month (281 sites, 300 cuts) as {form.upper()} "
          f"| {time.process_time() - began:.1f} s CPU, {size / 1e6:.2f} MB | |", flush=True)
"""


def year() -> tuple[History, Facts, Period]:
    """A year of many sites, most of whose outages are of their own line."""
    period = Period(date(2026, 1, 1), date(2027, 1, 1), ZONE, midnight(date(2027, 1, 1), ZONE))
    begin, end = period.interval
    chance = random.Random(1)  # noqa: S311 (the same year again)
    ids = [f"site-{number}" for number in range(SITES)]
    events: dict[str, list[StateEvent]] = {id_: [] for id_ in ids}
    faults: dict[str, list[Interval]] = {}
    for _ in range(OUTAGES):
        site = chance.choice(ids)
        at = chance.randrange(begin, end - 10_000_000)
        until, root = at + chance.randrange(1000, 10_000_000), f"link:{site}-uplink"
        events[site].append(StateEvent(at, until, State.DOWN, root, "icmp timeout"))
        faults.setdefault(f"{site}-uplink", []).append((at, until))
    for found in events.values():
        found.sort(key=lambda event: event.begin)
    whole: list[Interval] = [(begin - 1000, end + 1000)]
    history = History(whole, dict.fromkeys(ids, whole), events, faults, known_until=end)
    sites = {
        id_: SiteFacts(id_, f"Xã {id_}", id_, "commune", "state", f"area-{number % 20}")
        for number, id_ in enumerate(ids)
    }
    lines = {f"{id_}-uplink": LineFacts(f"{id_}-uplink", id_, ids[0], "VNPT") for id_ in ids}
    return history, Facts(sites, lines), period


def written(history: History, directory: Path) -> Path:
    """A journal with the same year: each outage is an event of the site, and of its router."""
    path = directory / "journal.sqlite"
    with closing(open_journal(path)) as journal, journal:
        ((begin, end),) = history.runs
        journal.execute("INSERT INTO run VALUES (1, ?, ?)", (begin / 1000, end / 1000))
        journal.executemany(
            "INSERT INTO watched VALUES (1, ?, ?, NULL)",
            ((site, begin / 1000) for site in history.watched),
        )
        for target, evidence in (("", "{}"), ("router", '{"trace": {"last_hop": "10.16.0.1"}}')):
            journal.executemany(
                "INSERT INTO event (site, target, state, began, ended, root, cause, evidence)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        site,
                        target,
                        each.state,
                        each.begin / 1000,
                        each.end / 1000,
                        each.root,
                        each.cause,
                        evidence,
                    )
                    for site, events in history.events.items()
                    for each in events
                ),
            )
    return path


def _row(event: StateEvent) -> tuple[object, ...]:
    return event.state, event.begin / 1000, event.end / 1000, event.root, event.cause


def main() -> None:
    """Print the rows of docs/benchmarks.md."""
    made, facts, period = year()
    with tempfile.TemporaryDirectory() as directory:
        path = written(made, Path(directory))
        size = path.stat().st_size / 1e6
        del made
        began = time.process_time()
        history = read_history(path, period.interval)
    print(f"| reading it, {size:.0f} MB | {time.process_time() - began:.1f} s CPU | |", flush=True)
    began = time.process_time()
    account = account_of(history, facts, period)
    spent = time.process_time() - began
    assert account.total.total == SITES * (period.interval[1] - period.interval[0])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| account of a year, {SITES} sites with {OUTAGES} outages "
        f"| {spent:.1f} s CPU, {peak:.0f} MB | the history among them |",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as directory:
        variables = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        state = str(Path(directory) / "state")
        subprocess.run([sys.executable, "-c", PROVINCE, state], check=True, env=variables)


if __name__ == "__main__":
    main()
