"""Kills who writes the journal, at random moments: ``python -m tests.bench.kills [KILLS] [SEED]``.

What was told to be written must be there each time, in a sound file, and the next run goes on from
it. Prints a row; ends with 1 at the first loss.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from netwatch.core.state import State
from netwatch.disk.lock import DirectoryLock
from netwatch.journal.file import NAME
from netwatch.journal.reader import read_events
from netwatch.journal.writer import JournalWriter
from tests.bench.table import row
from tests.journal.test_journal import turned

LONGEST = 0.1
"""Seconds after which a writer is killed at the latest; it opens the journal in a tenth of that."""

KILLS_OF_A_JOURNAL = 50
"""After which a new one is begun: its integrity is looked at after each kill."""


def main() -> None:
    """Print the row."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns()
    moments = random.Random(seed)  # noqa: S311 (no secret)
    written = before_first = 0
    for first in range(0, kills, KILLS_OF_A_JOURNAL):
        with TemporaryDirectory(prefix="netwatch-kills-") as home:
            known: set[str] = set()
            for run in range(first, min(first + KILLS_OF_A_JOURNAL, kills)):
                told = _killed(Path(home), run, moments.uniform(0, LONGEST))
                before_first += not told
                known |= told
                _judge(Path(home) / NAME, known, f"kill {run}, seed {seed}")
            written += len(known)
    what = f"seed {seed}; {written} records told and there; {before_first} before the first one"
    row(f"{kills} kills of who writes the journal: lost, damaged", "0, 0", what)


def _killed(home: Path, run: int, after: float) -> set[str]:
    """Sites whose records were told to be written until a writer was killed."""
    reading, telling = os.pipe()
    child = os.fork()
    if not child:
        _write(home, run, telling)
    os.close(telling)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with open(reading, "rb") as pipe:  # noqa: PTH123 (a descriptor)
        return {f"{run}-{number}" for number in range(pipe.read().count(b"."))}


def _write(home: Path, run: int, telling: int) -> None:
    """One record after the other, each told when it is written; until this process is killed."""
    DirectoryLock().acquire(home)
    writer = JournalWriter(home / NAME, keep=86400.0)
    writer.start()
    number = 0
    while True:
        writer.put(turned(State.DOWN, State.UP, time.time(), site=f"{run}-{number}"))
        number += 1
        while writer.written < number:
            time.sleep(0.0002)
        os.write(telling, b".")


def _judge(journal: Path, known: set[str], when: str) -> None:
    if not journal.exists() and not known:
        return
    try:
        found = {event.site for event in read_events(journal, None, 0.0, 10**6)}
    except sqlite3.DatabaseError as error:
        found = set()
        if known:  # else it was killed while it made the file
            raise SystemExit(f"{when}: {error}") from None
    if lost := known - found:
        raise SystemExit(f"{when}: {len(lost)} of {len(known)} records are lost")
    with closing(sqlite3.connect(journal)) as connection:
        state = connection.execute("PRAGMA integrity_check").fetchone()
    if state != ("ok",):
        raise SystemExit(f"{when}: {state}")


if __name__ == "__main__":
    main()
