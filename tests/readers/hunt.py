"""Hunts for inputs that a reader raises on, or takes long for: ``python -m tests.readers.hunt``.

Atheris (libFuzzer) changes the inputs of the registry and the corpus wherever that leads to code
that none reached before. What it finds stands in the folder given by ``--found``; the last line of
output is JSON with the figures.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.readers.growth import seconds
from tests.readers.registry import Reader, all_readers

_ROOT = Path(__file__).parents[2]
_GRACE = 600.0
"""Seconds that a run may take longer than asked: libFuzzer tries all seeds first, however long."""

_SLOW = 0.02
"""Seconds of CPU under the tracer from which on an input is kept, to be timed without it."""


class Hunt(NamedTuple):
    """What a hunt came to.

    Attributes:
        tried: inputs.
        worst: seconds of CPU that the slowest of them takes, without the tracer.
        fault: end of the traceback of what was raised; empty for nothing.
    """

    tried: int
    worst: float
    fault: str


def hunt(reader: Reader, length: float, found: Path) -> Hunt:
    """Hunt in a process of its own, which libFuzzer takes over and ends.

    Args:
        reader: what is tried.
        length: seconds.
        found: folder for inputs that are worth keeping.
    """
    work = found / reader.name
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as seeds:
        for number, data in enumerate(reader.inputs()):
            (Path(seeds) / str(number)).write_bytes(data)
        command = [sys.executable, "-m", "tests.readers.hunt", "--child", reader.name]
        run = subprocess.run(
            [*command, "--found", str(found), str(work), seeds, f"-max_total_time={length:.0f}",
             f"-max_len={min(reader.max_octets, 1 << 20)}", "-print_final_stats=1", "-verbosity=0",
             f"-artifact_prefix={work}/", "-timeout=60", "-rss_limit_mb=4096"],
            cwd=_ROOT, capture_output=True, text=True, timeout=length + _GRACE, check=False,
        )  # fmt: skip
    fault = "" if run.returncode == 0 else f"{run.stdout[-1500:]}{run.stderr[-500:]}"
    kept = [path.read_bytes() for path in work.glob("slow-*")]
    worst = max((seconds(reader, data, runs=5) for data in kept), default=0.0)
    return Hunt(_number(run.stderr, "stat::number_of_executed_units:"), worst, fault)


def _number(output: str, name: str) -> int:
    lines = [line.split()[-1] for line in output.splitlines() if line.startswith(name)]
    return int(lines[-1]) if lines else 0


def _child(name: str, found: Path, arguments: list[str]) -> None:
    """Run libFuzzer in this process; it doesn't return."""
    import atheris  # noqa: PLC0415 - only here, because it traces what is imported after it

    with atheris.instrument_imports(include=["netwatch"]):
        reader = all_readers()[name]
    slowest = _SLOW

    def try_one(data: bytes) -> None:
        nonlocal slowest
        began = time.thread_time()
        reader.try_on(data)
        took = time.thread_time() - began
        if took > slowest:
            slowest = took
            (found / name / f"slow-{took * 1e6:.0f}").write_bytes(data)

    atheris.Setup([name, *arguments], try_one)
    atheris.Fuzz()


def main() -> int:
    """Hunt with each reader, or those that are named; returns 1 if something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readers", nargs="*", metavar="READER")
    parser.add_argument("--seconds", type=float, default=240.0, help="a reader (default 240)")
    parser.add_argument("--found", type=Path, default=Path(".hunt"), help="folder for finds")
    parser.add_argument("--child", metavar="READER", help=argparse.SUPPRESS)
    options, rest = parser.parse_known_args()
    if options.child:
        _child(options.child, options.found, [*options.readers, *rest])
    known = all_readers()
    result = 0
    for name in options.readers or known:
        came_to = hunt(known[name], options.seconds, options.found)
        print(json.dumps({"reader": name, **came_to._asdict()}), flush=True)
        result |= bool(came_to.fault) or came_to.worst > known[name].max_cpu
    return result


if __name__ == "__main__":
    sys.exit(main())
