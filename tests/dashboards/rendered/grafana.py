"""Runs Grafana's front end, in Node for the data and in Chromium for what is seen of it."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboards.grafana.__main__ import HERE as DASHBOARDS
from tests.harness.requirements import require_tool

HERE = Path(__file__).parent
BUILT = HERE / ".built"
"""What is made of the packages; it stays from one run to the next, as they do."""

PICTURES = HERE / "pictures"
SHOWN = 2400
"""Seconds that the dashboards look back."""

INSTALL_TIMEOUT, RUN_TIMEOUT = 900, 900
"""Seconds, for a machine that has much else to do."""


@dataclass(frozen=True)
class Job:
    """A dashboard at a moment.

    Attributes:
        at: Unix seconds at which the time that is shown ends.
        height: pixels; 0 for as many as the dashboard needs.
        vision: a kind of colour-blindness, as Chromium calls it.
    """

    name: str
    dashboard: str
    prometheus: str
    at: int
    width: int = 1920
    height: int = 1080
    variables: dict[str, str] = field(default_factory=dict)
    vision: str = ""

    def told(self) -> dict[str, Any]:
        """As the programs read it."""
        moments = {"from": self.at - SHOWN, "to": self.at}
        times = {
            name: datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            for name, at in moments.items()
        }
        return asdict(self) | times


@dataclass(frozen=True)
class Looked:
    """What was found.

    Attributes:
        findings: each with ``how`` and ``what``, and of a panel with ``panel`` and ``title``.
        queries: each with ``query``, ``ms`` and ``series``.
    """

    name: str
    findings: list[dict[str, Any]]
    queries: list[dict[str, Any]]

    def of(self, how: str) -> list[str]:
        """All findings of a kind, as panel and text."""
        return [
            f"{each.get('title', '')}: {each['what']}"
            for each in self.findings
            if each["how"] == how
        ]


def look(jobs: Sequence[Job]) -> dict[str, Looked]:
    """Their data only, without a browser; by name."""
    return _run("light", [".built/light/light.mjs"], jobs)


def draw(jobs: Sequence[Job]) -> dict[str, Looked]:
    """All of it, with a picture of each; by name."""
    require_tool("chromium")
    PICTURES.mkdir(exist_ok=True)
    return _run("app", ["draw.mjs"], jobs)


def _run(which: str, program: list[str], jobs: Sequence[Job]) -> dict[str, Looked]:
    node = require_tool("node")
    _prepare(which)
    order = {
        "built": str(BUILT / "app"),
        "dashboards": str(DASHBOARDS),
        "maps": str(DASHBOARDS / "maps"),
        "pictures": str(PICTURES),
        "jobs": [job.told() for job in jobs],
    }
    done = subprocess.run(
        [node, *program],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        cwd=HERE,
        timeout=RUN_TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found = [Looked(**json.loads(line)) for line in done.stdout.splitlines()]
    return {each.name: each for each in found}


def _prepare(which: str) -> None:
    """Install the packages and bundle them, unless that was done with the same files."""
    BUILT.mkdir(exist_ok=True)
    with _locked(BUILT / "lock"):
        lock = HERE / "package-lock.json"
        _once("installed", _hash([lock]), _install)
        sources = [lock, *sorted(HERE.glob("*.mjs")), *sorted(HERE.glob("[al]*/*.js*"))]
        _once(which, _hash(sources), lambda: _bundle(which))


def _once(what: str, of: str, make: Any) -> None:
    stamp = BUILT / f"{what}.made"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != of:
        make()
        stamp.write_text(of, encoding="utf-8")


def _install() -> None:
    command = [require_tool("npm"), "ci", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=HERE, check=True, timeout=INSTALL_TIMEOUT, capture_output=True)


def _bundle(which: str) -> None:
    shutil.rmtree(BUILT / which, ignore_errors=True)
    command = [require_tool("node"), "build.mjs", which]
    subprocess.run(command, cwd=HERE, check=True, timeout=INSTALL_TIMEOUT, capture_output=True)


def _hash(files: Sequence[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Tests may run in several processes."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
