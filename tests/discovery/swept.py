"""Sweeps in a network namespace in which half of the addresses are silent.

    python -m tests.discovery.swept

Prints who answered, and how many echoes were sent, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import tempfile
from pathlib import Path

from netwatch.discovery.progress import SweepProgress, resumed
from netwatch.discovery.sweep import sweep
from netwatch.lab.namespaces import enter_user_namespace
from tests.harness.namespaces import tool_path

RULES = """
table inet silence {
  chain in {
    type filter hook input priority 0;
    icmp type echo-request counter
    icmp type echo-request ip daddr 127.9.0.128/25 drop
  }
}
"""
ADDRESSES = [f"127.9.0.{number}" for number in range(1, 255)]
RATE = 500.0


def main() -> None:
    enter_user_namespace()
    nft = tool_path("nft")
    subprocess.run([tool_path("ip"), "link", "set", "lo", "up"], check=True)
    subprocess.run([nft, "-f", "-"], input=RULES.encode(), check=True)
    with tempfile.TemporaryDirectory() as name:
        stopped, went_on, unsent = asyncio.run(twice(Path(name) / "progress"))
    counted = subprocess.run([nft, "-j", "list", "ruleset"], capture_output=True, check=True)
    print(
        json.dumps(
            {
                "stopped": stopped,
                "answered": went_on,
                "unsent": unsent,
                "echoes": packets(json.loads(counted.stdout)),
            }
        )
    )


async def twice(file: Path) -> tuple[int, list[str], int]:
    """A sweep that is stopped in its first round, and goes on from its file."""
    enough = asyncio.Event()

    def tell(progress: SweepProgress, _count: int) -> None:
        if progress.asked >= 100:
            enough.set()

    ranges = ("127.9.0.0/24",)
    task = asyncio.create_task(sweep(ADDRESSES, RATE, resumed(ranges, file), tell))
    await enough.wait()
    task.cancel()
    await asyncio.wait([task])
    stopped = resumed(ranges, file).asked
    progress = resumed(ranges, file)
    unsent = await sweep(ADDRESSES, RATE, progress, lambda *_: None)
    return stopped, list(progress.answered), unsent


def packets(ruleset: dict[str, list[dict[str, dict[str, object]]]]) -> int:
    text = json.dumps(ruleset)
    place = text.index('"counter": {"packets": ') + len('"counter": {"packets": ')
    return int(text[place : text.index(",", place)])


if __name__ == "__main__":
    main()
