"""Lines are written as they came, or dropped and counted; whoever logs never waits."""

from __future__ import annotations

import fcntl
import logging
import os
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from netwatch.process.log_thread import MAX_WAITING, LogThread, logging_without_waiting
from tests.harness.waiting import eventually

ROOT = Path(__file__).parents[2] / "netwatch"
LINE = "x" * 1000


class Log:
    """A log that ends in a pipe of 4 KiB."""

    def __init__(self) -> None:
        self.dropped = 0
        self.read, self.write = os.pipe()
        fcntl.fcntl(self.write, fcntl.F_SETPIPE_SZ, 4096)
        self.thread = LogThread(self.write, self.count)

    def count(self, lines: int) -> None:
        self.dropped += lines

    def say(self, text: str, *values: object) -> None:
        record = logging.LogRecord("n", logging.INFO, "f", 1, text, values, None)
        self.thread.handle(record)


@pytest.fixture
def log() -> Iterator[Log]:
    made = Log()
    yield made
    os.close(made.read)  # whoever writes is told
    eventually(made.thread.end)
    os.close(made.write)


def test_lines_are_written_in_order_to_the_end(log: Log) -> None:
    for number in range(20):
        log.say("line %d ế", number)
    assert log.thread.end()
    assert os.read(log.read, 4096).decode() == "".join(f"line {n} ế\n" for n in range(20))


def test_what_is_too_much_is_dropped_counted_and_told(log: Log) -> None:
    for _ in range(2 * MAX_WAITING // len(LINE)):
        log.say(LINE)
    assert log.dropped >= MAX_WAITING // len(LINE) - 10
    assert not log.thread.end(), "nobody reads"
    text = ""
    while "dropped" not in text:
        text += os.read(log.read, 4096).decode()
    assert text.endswith(f"{log.dropped} lines of the log were dropped\n")
    assert text.count(LINE) == 2 * MAX_WAITING // len(LINE) - log.dropped


def test_lines_for_a_reader_that_is_gone_are_counted(log: Log) -> None:
    reader, log.read = log.read, os.dup(log.write)
    os.close(reader)
    for _ in range(3):
        log.say(LINE)
    eventually(lambda: log.dropped == 3)


def test_another_program_may_have_made_it_give_up_early(log: Log) -> None:
    os.set_blocking(log.write, False)
    for _ in range(20):
        log.say(LINE)
    text = ""
    while text.count(LINE) < 20:
        text += os.read(log.read, 4096).decode()
    assert log.dropped == 0


def test_a_line_that_can_not_be_formatted_is_told(log: Log) -> None:
    log.say("%d of %d", 1)
    assert log.thread.end()
    assert b"can't format '%d of %d'" in os.read(log.read, 4096)


def test_every_program_that_serves_logs_without_waiting() -> None:
    serving = {
        path.stem: text
        for path in ROOT.rglob("*.py")
        if 'notify("READY=1")' in (text := path.read_text(encoding="utf-8"))
    }
    assert {"daemon", "gate", "reflect", "program"} <= serving.keys()
    assert all("logging_without_waiting(" in text for text in serving.values())


def test_a_standard_error_that_is_no_file_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    said = StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    handler = logging.StreamHandler()
    root = logging.getLogger()
    root.addHandler(handler)
    with logging_without_waiting():
        logging.getLogger("n").warning("told")
    root.removeHandler(handler)
    assert "told\n" in said.getvalue()
