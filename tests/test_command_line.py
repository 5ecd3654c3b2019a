"""Every command: its options in any order, names that were mistyped, readers that leave early."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

import pytest

import netwatch
from netwatch import commands
from netwatch.cli import BROKEN_PIPE, COMMANDS, main
from netwatch.commands.reason_words import REASONS, why
from netwatch.core.result import Reason

pytestmark = pytest.mark.slow

EXAMPLE = Path("config/inventory").resolve()

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "NETWATCH_INVENTORY": str(EXAMPLE),
    "NETWATCH_SECRET_SNMP_WAN_COMMUNITY": "wan-community",
    "NETWATCH_SECRET_SNMP_LAN_COMMUNITY": "lan-community",
    "NETWATCH_SECRET_SNMP_CORE_AUTH": "core-auth-key",
    "NETWATCH_SECRET_SNMP_CORE_PRIV": "core-priv-key",
}


def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "netwatch", *words],
        env=ENVIRONMENT | more,
        capture_output=True,
        text=True,
        check=False,
    )


def test_settings_stand_before_the_command_before_its_action_or_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "netwatch.toml"
    settings.write_text(f'state_dir = "{tmp_path}"\ninventory = "{EXAMPLE}"\n')
    given = ("--settings", str(settings))
    for words in (
        (*given, "maintenance", "list"),
        ("maintenance", *given, "list"),
        ("maintenance", "list", *given),
        ("maintenance", "list", f"--settings={settings}"),
        (f"--settings={settings}", "maintenance", "list"),
    ):
        assert main(words) == 0, words
        assert "nothing is announced" in capsys.readouterr().out
        assert main([word.replace("netwatch.toml", "other.toml") for word in words]) == 2
        told = capsys.readouterr().err
        assert "other.toml: không đọc được" in told
        assert "/ cannot be read" in told


def test_a_settings_file_may_be_called_like_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "audit").write_text(f'state_dir = "{tmp_path}"\n')
    monkeypatch.chdir(tmp_path)
    assert main(["--settings", "audit", "maintenance", "list"]) == 0
    assert "nothing is announced" in capsys.readouterr().out


def actions_of(name: str) -> list[str]:
    """What may stand behind a command, as ``list`` behind ``maintenance``."""
    with pytest.raises(SystemExit), redirect_stderr(StringIO()) as said:
        main([name, "no-such-action"])
    return re.findall(r"'([a-z-]+)'", said.getvalue().partition("choose from")[2])


ACTED = ("maintenance", "border", "inventory", "snmp")
"""Commands behind which an action stands."""


def test_no_command_with_actions_is_forgotten() -> None:
    folder = Path(commands.__path__[0])
    found = [name for name in COMMANDS if "add_subparsers" in (folder / f"{name}.py").read_text()]
    assert sorted(found) == sorted(ACTED)


@pytest.mark.parametrize("name", ACTED)
def test_every_action_of_a_command_takes_the_settings(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert actions_of(name)
    for action in actions_of(name):
        with pytest.raises(SystemExit):
            main([name, action, "--help"])
        assert "--settings FILE" in capsys.readouterr().out


MISTYPED = {
    ("probe", "nam-sac"): "did you mean nam-sach?",
    ("probe", "nam-sach/ruter"): "did you mean nam-sach/router?",
    ("trace", "nam-sach/ruter"): "did you mean nam-sach/router?",
    ("snmp", "identify", "nam-sach/ruter"): "did you mean nam-sach/router?",
    ("snmp", "walk", "127.0.0.1", "--credential", "wam"): "no such credential; use one of",
    ("border", "ask", "zzz"): "see docs/border-routers.md",
    ("audit", "--what", "relod"): "did you mean reload?",
    ("maintenance", "add", "nam-sac", "--for", "1h", "--reason", "x"): "did you mean nam-sach?",
    ("maintenance", "end", "announced"): "is not announced",
    ("meetings", "record", "giao-ban@2026-01-05T08:00"): "run netwatch with this state_dir first",
}
"""A command with a name that there is not, and what it has to say."""


@pytest.mark.parametrize("words", MISTYPED)
def test_a_mistyped_name_is_told_with_the_nearest(tmp_path: Path, words: Sequence[str]) -> None:
    done = run(*words, NETWATCH_STATE_DIR=str(tmp_path))
    assert done.returncode == 2
    assert done.stdout == ""
    assert MISTYPED[tuple(words)] in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words", [("check",), ("meetings", "--days", "30"), ("maintenance", "list"), ("--help",)]
)
def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path, words: Sequence[str]) -> None:
    status, said = left_alone("stdout", *words, NETWATCH_STATE_DIR=str(tmp_path))
    assert said == ""
    assert status == BROKEN_PIPE


def test_mistakes_that_nobody_reads_are_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("province: {}\n" + "".join(f"k{n}: 1\n" for n in range(900)))
    status, said = left_alone("stderr", "check", NETWATCH_INVENTORY=str(tmp_path))
    assert said == ""
    assert status == BROKEN_PIPE


def left_alone(stream: str, *words: str, **more: str) -> tuple[int, str]:
    """Status of a command one of whose streams nobody reads, and what it says in the other one."""
    reading, writing = os.pipe()
    os.close(reading)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: writing}
    try:
        command = [sys.executable, "-m", "netwatch", *words]
        done = subprocess.run(
            command,
            env=ENVIRONMENT | more,
            stdout=streams["stdout"],
            stderr=streams["stderr"],
            text=True,
            check=False,
        )
    finally:
        os.close(writing)
    return done.returncode, (done.stderr if stream == "stdout" else done.stdout)


def test_a_path_is_looked_at_without_the_secrets(tmp_path: Path) -> None:
    bare = {key: value for key, value in ENVIRONMENT.items() if "SECRET" not in key}
    command = [sys.executable, "-m", "netwatch", "trace", "nam-sach/ruter"]
    environment = bare | {"NETWATCH_SECRETS_DIR": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "did you mean nam-sach/router?" in done.stderr


def test_a_site_without_targets_is_told(tmp_path: Path) -> None:
    files = tmp_path / "inventory"
    files.mkdir()
    for file in EXAMPLE.rglob("*.yaml"):
        (files / file.name).write_bytes(file.read_bytes())
    (files / "more.yaml").write_text(
        "sites: {planned: {tier: commune, parent: nam-sach, name_vi: Xã Mới, targets: {}}}\n"
    )
    done = run("check", NETWATCH_INVENTORY=str(files))
    assert done.returncode == 0, done.stderr
    assert "! 1 điểm không có đích nào, nên luôn chưa rõ" in done.stdout
    assert "will always be unknown: planned" in done.stdout


def test_every_reason_has_words_that_are_those_of_the_page() -> None:
    page = (Path(netwatch.__file__).parent / "web" / "static" / "reasons.js").read_text("utf-8")
    for reason in Reason:
        words = REASONS[reason]
        if reason is not Reason.LOCAL_ERROR:  # there it is another machine than the reader's
            assert f'{reason}: "{words}"' in page
    assert why(Reason.TIMEOUT, "no answer") == "không trả lời / timeout: no answer"
    assert why(Reason.OK) == "thông / ok"
