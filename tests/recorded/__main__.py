"""Polls every recording and prints a page: ``python -m tests.recorded > docs/devices.md``."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.harness.recordings import made_up, recordings
from tests.recorded.agent import player
from tests.recorded.compare import compare, explain

HEAD = """\
# Recorded devices

What netwatch makes of the recordings of real devices in the package snmpsim-data, each served over
UDP and polled. *Differences* are series that are missing, superfluous or of another value than
Debian's `snmpbulkwalk` reads from the same agent. The limit of series a device was lifted for it.
The devices at the end, below `made_up`, are nobody's: they have what real ones are known to do
wrong, all at once. Made by `python -m tests.recorded`.

| recording | sysObjectID | profiles beside the base | series | the maker's | differences |
|---|---|---|---|---|---|"""
MAKES = Path(__file__).with_name("makes.md")
"""What is read of each make, and what is not: written by hand."""


def main() -> None:
    """Print the page."""
    print(HEAD)
    total = differences = 0
    with player() as playing:
        for recording in (*recordings(), *made_up()):
            found = asyncio.run(compare(playing.play(recording)))
            makers = sum(found.by_profile[name] for name in found.profiles)
            profiles = ", ".join(found.profiles) or "–"
            differs = str(len(found.differences))
            if told := explain(found):
                differs += f" ({told})"
            identifier = found.object_id.removeprefix("1.3.6.1.4.1.") or "–"
            cells = (recording.name, identifier, profiles, found.exported, makers, differs)
            print(f"| {' | '.join(map(str, cells))} |", flush=True)
            total += found.exported
            differences += len(found.differences)
    print(f"\nTogether {total} series, {differences} differences.\n")
    print(MAKES.read_text(encoding="utf-8"), end="")


if __name__ == "__main__":
    main()
