"""The journal on a real disk: what is written is there, whatever happens to the file."""

from __future__ import annotations

import logging
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from netwatch.core.state import State
from netwatch.journal import writer as writing
from netwatch.journal.file import NAME
from netwatch.journal.reader import JournalEvent, find_previous_run, read_events, read_previous_run
from netwatch.journal.records import EvidenceFound, JournalRecord, PlaceRemoved, StateChanged
from netwatch.journal.writer import JournalWriter
from netwatch.state.transition import StateChange

pytestmark = pytest.mark.slow

PATIENCE = 20.0
DAY = 86400.0

Start = Callable[[], JournalWriter]


def turned(
    state: State, before: State, at: float, site: str = "nam-sach", target: str = "router"
) -> StateChanged:
    root = "" if state is State.UP else "link:nam-sach-uplink"
    return StateChanged(StateChange(site, target, before, state, at - 10, at, root, "icmp timeout"))


def eventually(holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def write(writer: JournalWriter, *records: JournalRecord) -> None:
    """Write records and wait until they are on disk."""
    before = writer.written
    for record in records:
        writer.put(record)
    eventually(lambda: writer.written == before + len(records))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / NAME


@pytest.fixture
def start(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    monkeypatch.setattr(writing, "ALIVE_INTERVAL", 0.05)
    running: list[JournalWriter] = []

    def begin() -> JournalWriter:
        running.append(JournalWriter(path, keep=DAY))
        running[-1].start()
        return running[-1]

    yield begin
    for each in running:
        each.stop()


def events(path: Path) -> list[JournalEvent]:
    return read_events(path, None, 0.0, 1000)


def test_an_event_has_a_begin_an_end_a_cause_and_evidence(start: Start, path: Path) -> None:
    now = time.time()
    write(
        start(),
        turned(State.DOWN, State.UP, now - 60),
        EvidenceFound("nam-sach", "router", {"trace": {"last_hop": "10.16.0.1"}}),
        EvidenceFound("nam-sach", "router", {"near_end": {"oper_status": "down"}}),
        turned(State.UP, State.DOWN, now),
    )
    (event,) = events(path)
    assert event == JournalEvent(
        "nam-sach",
        "router",
        State.DOWN,
        pytest.approx(now - 70),  # type: ignore[arg-type]
        pytest.approx(now),  # type: ignore[arg-type]
        "link:nam-sach-uplink",
        "icmp timeout",
        {"trace": {"last_hop": "10.16.0.1"}, "near_end": {"oper_status": "down"}},
    )
    assert read_events(path, "an-lam", 0.0, 10) == []
    assert read_events(path, "nam-sach", now + 1, 10) == []


def test_what_was_found_of_an_outage_that_goes_on_is_known_after_a_restart(
    start: Start, path: Path
) -> None:
    now = time.time()
    power: dict[str, object] = {"power": {"target": "nam-sach/ups", "read": now - 70}}
    found = EvidenceFound("nam-sach", "router", power)
    write(start(), turned(State.DOWN, State.UP, now - 60), found)
    assert read_previous_run(path).evidence == {("nam-sach", "router"): power}
    write(start(), turned(State.UP, State.DOWN, now))
    assert read_previous_run(path).evidence == {}


def test_states_follow_one_another_without_overlap(start: Start, path: Path) -> None:
    now = time.time()
    write(
        start(),
        turned(State.DOWN, State.UP, now - 60),
        turned(State.UNREACHABLE, State.DOWN, now - 40),
        turned(State.UNKNOWN, State.UNREACHABLE, now - 20),
    )
    spans = [(event.state, round(event.began - now), event.ended) for event in events(path)]
    assert [(state, began) for state, began, _ in spans] == [
        (State.DOWN, -70),
        (State.UNREACHABLE, -40),
        (State.UNKNOWN, -20),
    ]
    assert [ended and round(ended - now) for _, _, ended in spans] == [-40, -20, None]


def test_the_next_run_goes_on_with_the_same_event(start: Start, path: Path) -> None:
    now = time.time()
    down = turned(State.DOWN, State.UP, now)
    first = start()
    write(first, down)
    first.stop()
    restored_states = read_previous_run(path).states
    assert restored_states.known_until == pytest.approx(time.time(), abs=PATIENCE)
    restored = restored_states.places["nam-sach", "router"]
    assert (restored.state, restored.since) == (State.DOWN, down.change.since)
    # What the table reports when it resumes: unknown before, the same state since the same time.
    change = down.change
    again = StateChanged(
        StateChange(
            change.site, change.target, State.UNKNOWN, change.state, change.since, now + 5, "x"
        )
    )
    write(start(), again)
    (event,) = events(path)
    assert (event.began, event.ended) == (change.since, None)


def test_what_is_no_longer_watched_is_over_and_forgotten(start: Start, path: Path) -> None:
    now = time.time()
    write(start(), turned(State.DOWN, State.UP, now), PlaceRemoved("nam-sach", "router", now + 1))
    (event,) = events(path)
    assert event.ended == now + 1
    assert read_previous_run(path).states.places == {}


def test_events_are_kept_for_their_time(start: Start, path: Path) -> None:
    now = time.time()
    first = start()
    write(
        first,
        turned(State.DOWN, State.UP, now - 2 * DAY, site="old"),
        turned(State.UP, State.DOWN, now - 2 * DAY + 60, site="old"),
        turned(State.DOWN, State.UP, now - 2 * DAY, site="goes-on"),
    )
    first.stop()
    start()  # it tidies up when it begins
    eventually(lambda: [event.site for event in events(path)] == ["goes-on"])


@pytest.mark.parametrize("content", [b"not a database", b"\0" * 8192, None])
def test_a_foreign_file_is_kept_aside(
    start: Start, path: Path, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    if content is None:
        other = sqlite3.connect(path)
        other.execute("CREATE TABLE theirs (x)")
        other.commit()
        other.close()
        content = path.read_bytes()
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert find_previous_run(path) is None
        write(start(), turned(State.DOWN, State.UP, time.time()))
    (kept,) = path.parent.glob(f"{NAME}.kept-*")
    assert kept.read_bytes() == content
    assert f"kept as {kept.name}" in caplog.text
    assert len(events(path)) == 1


def test_a_file_that_breaks_while_it_is_used_is_kept_aside(start: Start, path: Path) -> None:
    writer = start()
    write(writer, *(turned(State.DOWN, State.UP, time.time(), site=f"s{n}") for n in range(2000)))
    writer.stop()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)  # behind the layout, without which it would not be opened
        file.write(b"\xff" * (size - size // 2))
    writer = start()
    write(writer, turned(State.DOWN, State.UP, time.time()))
    kept = [each.name for each in path.parent.glob(f"{NAME}.kept-*")]
    assert len([name for name in kept if not name.endswith(("-wal", "-shm"))]) == 1
    assert len(events(path)) == 1
    assert writer.errors >= 1


def test_a_full_disk_loses_nothing_and_says_so_once(
    start: Start, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writer = start()
    write(writer, turned(State.DOWN, State.UP, time.time(), site="before"))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    room = 32_768  # what SQLite's file of shared memory takes; 300 records need more
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        for number in range(300):
            writer.put(turned(State.DOWN, State.UP, time.time(), site=f"s{number}"))
        eventually(lambda: writer.errors >= 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    eventually(lambda: len(events(path)) == 301)
    assert caplog.text.count("measuring goes on") == 1


def test_a_directory_that_can_not_be_made_is_tried_again(start: Start, path: Path) -> None:
    path.parent.write_text("in the way", encoding="utf-8")
    writer = start()
    writer.put(turned(State.DOWN, State.UP, time.time()))
    eventually(lambda: writer.errors >= 2)
    path.parent.unlink()
    eventually(lambda: writer.written == 1)


def test_a_disk_that_stays_bad_does_not_fill_the_memory(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MAX_WAITING", 3)
    writer = JournalWriter(path, keep=DAY)  # not started: nothing is ever written
    for _ in range(5):
        writer.put(turned(State.DOWN, State.UP, time.time()))
    assert writer.errors == 2


KILLED = """
import sys, time
from pathlib import Path
from netwatch.core.state import State
from netwatch.journal.writer import JournalWriter
from tests.journal.test_journal import turned
writer = JournalWriter(Path(sys.argv[1]), keep=86400.0)
writer.start()
for number in range(10**9):
    writer.put(turned(State.DOWN, State.UP, time.time(), site=sys.argv[2] + str(number)))
    while writer.written <= number:
        time.sleep(0.0002)
    print(number, flush=True)
"""


def test_a_killed_process_loses_nothing_that_was_written(path: Path) -> None:
    for run in ("a", "b", "c"):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(path), run], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for _ in range(50):
            last = int(process.stdout.readline())
        process.kill()
        last = int((process.stdout.read().split() or [str(last)])[-1])
        process.stdout.close()
        process.wait()
        written = {event.site for event in read_events(path, None, 0.0, 100_000)}
        assert written >= {f"{run}{number}" for number in range(last + 1)}
        assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_who_reads_before_there_is_a_directory_is_told_so_by_sqlite(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        read_events(tmp_path / "state" / NAME, None, 0.0, 1)
