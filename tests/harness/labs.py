"""Labs as processes of their own, and what they write down."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.harness.lab_province import SECRETS
from tests.harness.waiting import eventually

ENVIRONMENT = {
    **os.environ,
    **SECRETS,
    "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *filter(None, sys.path)]),
    "PYTHONDONTWRITEBYTECODE": "1",
}


@dataclass
class Lab:
    """A running lab and all that belongs to it: one session of processes."""

    process: subprocess.Popen[str]
    directory: Path

    def log(self) -> list[dict[str, Any]]:
        try:
            lines = (self.directory / "log").read_text(encoding="utf-8").splitlines(keepends=True)
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def listening(self) -> tuple[str, int]:
        def address() -> tuple[str, int] | None:
            started = [event for event in self.log() if event["event"] == "start"]
            return tuple(started[0]["listen"]) if started else None

        return eventually(address)

    def session_is_empty(self) -> bool:
        """No process of the lab runs any more; one that only waits to be collected doesn't."""
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                state, _, _, session = path.read_text().rpartition(")")[2].split()[:4]
                if int(session) == self.process.pid and state != "Z":
                    return False
        return True
