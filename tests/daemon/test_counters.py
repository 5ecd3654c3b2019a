"""Counters never go back: each begins at 0 in each run, whatever ended the one before."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import time
from pathlib import Path

import pytest

from netwatch.journal.file import NAME, open_journal
from tests.daemon.running import INVENTORY, PATIENCE, Running
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

KILLS = 20

Counters = dict[str, float]
"""Values of the series of counters, by name and labels."""

_FLOW = """
flows:
  documents:
    name_vi: Gửi văn bản
    from: state-dc
    to: nam-sach/server
    check: {probe: tcp, port: PORT, interval: 200ms, timeout: 150ms}
    expect: blocked
"""


@pytest.fixture
def violated(running: Running, server: socket.socket) -> Running:
    """A daemon that counts the time of its site, and a flow that passes and must not."""
    text = (INVENTORY + _FLOW).replace("PORT", str(server.getsockname()[1]))
    running.write(text)
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("READY=1")
    eventually(lambda: counters(running)['netwatch_flow_violations_total{flow="documents"}'] > 2)
    return running


def counters(running: Running) -> Counters:
    """What the daemon counts of the world; what it counts of itself begins with it anyway."""
    lines = re.findall(
        r"^(netwatch_(?:site|flow|incident|probe|device|link)\w*_total(?:{.*})?) (\S+)$",
        running.get("/metrics"),
        re.MULTILINE,
    )
    return {name: float(value) for name, value in lines}


def scraped_and_killed(running: Running) -> Counters:
    """The last page before a kill, and the daemon runs again."""
    before = counters(running)
    running.kill()
    running.start()
    running.wait_for("READY=1")
    return before


def assert_begun_anew(running: Running, since: float) -> None:
    """No series has more than this run can have counted: five checks a second, and the time."""
    for name, value in counters(running).items():
        most = (time.monotonic() - since) * (1 if "seconds" in name else 50) + 1
        assert value <= most, name


def test_no_counter_goes_on_from_an_old_value_at_20_kills_right_after_a_scrape(
    violated: Running,
) -> None:
    for kill in range(KILLS):
        time.sleep(kill / KILLS)  # the journal is written once a second
        since = time.monotonic()
        assert scraped_and_killed(violated)
        assert_begun_anew(violated, since)


def test_nor_when_the_clock_was_set_back_before_a_restart_or_forward(violated: Running) -> None:
    for step in (20.0, -20.0):
        violated.process.terminate()
        violated.process.communicate(timeout=PATIENCE)
        # As if all that is written had been written by a clock that was ahead, or behind.
        set_ahead(violated.state / NAME, step)
        since = time.monotonic()
        violated.start()
        violated.wait_for("READY=1")
        assert_begun_anew(violated, since)


def set_ahead(journal: Path, seconds: float) -> None:
    connection = sqlite3.connect(journal)
    with connection:
        connection.execute("UPDATE alive SET at = at + ?", (seconds,))
        connection.execute("UPDATE place SET since = since + ?, at = at + ?", (seconds, seconds))
    connection.close()


def test_what_the_journal_wrote_is_on_the_disk(tmp_path: Path) -> None:
    connection = open_journal(tmp_path / NAME)
    full = 2
    assert connection.execute("PRAGMA synchronous").fetchone() == (full,)
    connection.close()
