"""Follows docs/import.md in a network of its own, from the sheet to the first alert.

    python -m tests.imports.first_alert

Prints what each command said, and what came of the cable that is pulled, as JSON.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from xlsxwriter import Workbook

from netwatch.lab.namespaces import enter_user_namespace
from tests.harness import prometheus
from tests.harness.namespaces import tool_path
from tests.harness.processes import program
from tests.harness.waiting import eventually
from tests.imports.page import file_of, sheet, steps

PULLED = """
table inet cable {
  chain in { type filter hook input priority 0; ip daddr 10.21.1.0/24 drop; }
}
"""
"""What is sent into the line is gone: nobody is told."""


def main() -> None:
    enter_user_namespace()
    ip, nft = tool_path("ip"), tool_path("nft")
    subprocess.run([ip, "link", "set", "lo", "up"], check=True)
    subprocess.run([ip, "route", "add", "local", "10.16.0.0/12", "dev", "lo"], check=True)
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        print(json.dumps(follow(Path(name), nft)))


def follow(home: Path, nft: str) -> dict[str, object]:
    """What each command printed, by its command; and what is found once the cable is pulled."""
    prepare(home)
    said: dict[str, object] = {}
    *first, run, incidents = steps()
    for number, step in enumerate(first):
        said[f"{number} {step.command}"] = done(step.command)
        if number == 0:
            said["draft"] = (home / "danh-sach.map.yaml").read_text("utf-8")
            (home / "danh-sach.map.yaml").write_text(file_of("yaml"), "utf-8")
    watching = home / "prometheus"
    watching.mkdir()
    with (
        program(words(run.command), home / "log"),
        prometheus.running(watching, "127.0.0.1:10880") as server,
    ):
        eventually(is_ready)
        eventually(lambda: up(server) == 4)
        subprocess.run([nft, "-f", "-"], input=PULLED.encode(), check=True)
        alerts = eventually(lambda: server.firing("NetwatchLinkDown"))
        said["alerts"] = alerts
        said["incidents"] = done(incidents.command)
    return said


def prepare(home: Path) -> None:
    with Workbook(str(home / "danh-sach.xlsx")) as book:
        made = book.add_worksheet("Danh sách")
        for number, row in enumerate(sheet()):
            made.write_row(number, 0, row)
    (home / "netwatch.toml").write_text(file_of("toml"), "utf-8")


def words(command: str) -> list[str]:
    program, *rest = shlex.split(command)
    assert program == "netwatch"
    return [sys.executable, "-m", program, *rest]


def done(command: str) -> list[str]:
    result = subprocess.run(words(command), capture_output=True, text=True, check=False)
    return (result.stderr + result.stdout).splitlines()


def is_ready() -> bool:
    try:
        with urlopen("http://127.0.0.1:10880/-/ready", timeout=10) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def up(server: prometheus.Prometheus) -> int:
    found = server.now("count(netwatch_site_state == 1)")
    return int(found[0]["value"][1]) if found else 0


if __name__ == "__main__":
    main()
