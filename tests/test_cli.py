"""The command line: all commands are listed, and none is imported that isn't called."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from netwatch import commands
from netwatch.cli import COMMANDS, main

HEAVY = ("aiohttp", "apscheduler", "cryptography", "icalendar", "numpy", "pydantic", "pysnmp")
"""Each takes from 0.05 to 0.5 s of CPU to import."""

LIST = f"""
import json, sys
from netwatch.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""


def imported(arguments: Sequence[str]) -> list[str]:
    """What of the heavy modules a process has imported that ran the command line."""
    command = [sys.executable, "-c", LIST, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], [], ["no-such-command"]])
def test_the_command_line_itself_imports_nothing_heavy(arguments: list[str]) -> None:
    assert imported(arguments) == []


def test_events_are_read_without_the_parts_that_measure(tmp_path: Path) -> None:
    settings = tmp_path / "netwatch.toml"
    settings.write_text(f'state_dir = "{tmp_path}"\n')
    assert imported(["events", "--settings", str(settings)]) == ["pydantic"]


@pytest.mark.parametrize(
    "words", [["audit"], ["audit", "--verify"], ["maintenance", "list"], ["incidents"]]
)
def test_what_reads_a_file_needs_none_of_the_parts_that_measure(
    tmp_path: Path, words: list[str]
) -> None:
    settings = tmp_path / "netwatch.toml"
    settings.write_text(f'state_dir = "{tmp_path}"\n')
    assert set(imported([*words, "--settings", str(settings)])) <= {"pydantic"}


@pytest.mark.parametrize(
    "words", [["check"], ["trace", "nam-sach/router-9"], ["probe", "nam-sac"], ["meetings"]]
)
def test_what_reads_the_inventory_needs_no_server_and_no_scheduler(
    tmp_path: Path, words: list[str]
) -> None:
    # With an inventory that is refused: what comes after it was read would need more.
    settings = tmp_path / "netwatch.toml"
    settings.write_text(f'inventory = "{tmp_path}"\n')
    (tmp_path / "a.yaml").write_text("province: {}\n")
    found = set(imported([*words, "--settings", str(settings)]))
    assert found <= {"pydantic", "numpy", "cryptography"}


def test_help_of_the_daemon_needs_nothing_of_it() -> None:
    assert set(imported(["run", "--help"])) <= {"pydantic"}


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    words = capsys.readouterr().out.split()
    assert [name for name in COMMANDS if name not in words] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_prints_its_arguments(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert f"usage: netwatch {name}" in said
    assert "--settings FILE" in said


def test_every_file_of_a_command_is_one() -> None:
    files = Path(commands.__path__[0]).glob("*.py")
    found = {file.stem for file in files if "def execute(" in file.read_text(encoding="utf-8")}
    assert found == set(COMMANDS)
