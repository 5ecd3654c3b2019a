"""Has a calendar read by a process that is given a time, and then ended."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from datetime import datetime

from pydantic import ValidationError

from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.ical import CalendarError, CalendarReading
from netwatch.meetings.calendars.worker import ANSWER, QUESTION, Question

_COMMAND = (sys.executable, "-I", "-m", "netwatch.meetings.calendars.worker")

_ENVIRONMENT = ("PATH", "LANG", "PYTHONTZPATH")
"""What it is told of the environment, in which secrets may stand."""

_WAIT_PER_SECOND = 10
"""Seconds to wait for a second of processor time, at most: a busy machine gives it late."""

_MAX_ANSWER_OCTETS = 64 << 20
"""Octets of an answer."""


async def read_apart(
    content: bytes, begin: datetime, end: datetime, zone: str, bounds: CalendarBounds
) -> CalendarReading:
    """What a calendar says of the time from ``begin`` to ``end``, as ``ical.read_calendar``.

    Neither the event loop nor the interpreter is held meanwhile.

    Raises:
        CalendarError: it is no calendar, or takes too much.
    """
    if len(content) > bounds.octets:
        raise CalendarError(bounds.too_large)
    asked = QUESTION.dump_json(Question(begin, end, zone, bounds)) + b"\n"
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment(),
        limit=1 << 20,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    sending = asyncio.create_task(_send(process.stdin, asked + content))
    try:
        async with asyncio.timeout(bounds.seconds * _WAIT_PER_SECOND):
            answer = await _receive(process.stdout)
            status = await process.wait()
    except TimeoutError:
        raise CalendarError(_too_slow(bounds)) from None
    finally:
        sending.cancel()
        await _end(process)
    return _reading(answer, status, bounds)


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a process that has not ended; it is gone only when its pipes are empty."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        assert process.stdout is not None
        await process.stdout.read()
        await process.wait()


def _environment() -> dict[str, str]:
    """Nothing that it doesn't need."""
    return {
        name: os.environ[name] for name in ("PATH", "LANG", "PYTHONTZPATH") if name in os.environ
    }


async def _send(stdin: asyncio.StreamWriter, question: bytes) -> None:
    with suppress(ConnectionError):  # it ended before it had read all
        stdin.write(question)
        await stdin.drain()
    with suppress(ConnectionError):
        stdin.close()
        await stdin.wait_closed()


async def _receive(stdout: asyncio.StreamReader) -> bytes:
    """The answer.

    Raises:
        CalendarError: it is longer than it may be.
    """
    answer = bytearray()
    while piece := await stdout.read(1 << 16):
        answer += piece
        if len(answer) > _MAX_ANSWER_OCTETS:
            raise CalendarError("could not be read: its reader says too much")
    return bytes(answer)


def _reading(answer: bytes, status: int, bounds: CalendarBounds) -> CalendarReading:
    if status == -signal.SIGPROF:
        raise CalendarError(_too_slow(bounds))
    if status:
        raise CalendarError(f"could not be read: its reader ended with {status}")
    try:
        found = ANSWER.validate_json(answer)
    except ValidationError:
        raise CalendarError("could not be read: its reader said nothing of use") from None
    if found.reading is None:
        raise CalendarError(found.refusal)
    return found.reading


def _too_slow(bounds: CalendarBounds) -> str:
    return f"takes more than {bounds.seconds} s to read; let it have less, or set calendar_seconds"
