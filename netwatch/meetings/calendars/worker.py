"""Reads one calendar in a process of its own: ``python -m netwatch.meetings.calendars.worker``.

On standard input comes a line of JSON, then the calendar; on standard output goes a line of JSON,
``Answer``. Whatever the calendar does to this process, it does to no other.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.ical import CalendarError, CalendarReading, read_calendar

MEMORY_PER_OCTET = 64
"""Octets of memory for each octet of a calendar; lines of few characters take most."""

MEMORY = 512 << 20
"""Octets of address space for the interpreter and its libraries; little of it is used."""


@dataclass(frozen=True)
class Question:
    """What is asked of a calendar: its events from ``begin`` to ``end``."""

    begin: datetime
    end: datetime
    zone: str
    bounds: CalendarBounds


@dataclass(frozen=True)
class Answer:
    """A reading, or why there is none."""

    reading: CalendarReading | None = None
    refusal: str = ""


QUESTION = TypeAdapter(Question)
ANSWER = TypeAdapter(Answer)


def main() -> None:
    """Read one question, and answer it."""
    question = QUESTION.validate_json(sys.stdin.buffer.readline())
    _bound_this_process(question.bounds)
    content = sys.stdin.buffer.read(question.bounds.octets + 1)
    zone = ZoneInfo(question.zone)
    try:
        reading = read_calendar(content, question.begin, question.end, zone, question.bounds)
        answer = Answer(reading)
    except CalendarError as error:
        answer = Answer(refusal=str(error))
    except MemoryError:
        answer = Answer(refusal="needs too much memory")
    sys.stdout.buffer.write(ANSWER.dump_json(answer))


def _bound_this_process(bounds: CalendarBounds) -> None:
    """End this process when it takes more time or memory than it may.

    SIGPROF ends it without a system call that a hardened unit forbids (setrlimit, nice).
    """
    signal.setitimer(signal.ITIMER_PROF, bounds.seconds)
    memory = MEMORY + MEMORY_PER_OCTET * bounds.octets
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(OSError):
        os.nice(10)  # measuring goes first


if __name__ == "__main__":
    main()
