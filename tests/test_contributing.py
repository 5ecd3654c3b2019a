"""CONTRIBUTING.md: the probe that it builds works as it stands there, with nothing else touched."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from netwatch import probes
from netwatch.configuration import Configuration, read_configuration
from netwatch.core.errors import ConfigError
from netwatch.fleet import Fleet
from netwatch.probes.declaration import DeclarationError
from netwatch.settings import Settings
from tests.harness.builders import ONE_ROUTER, make_parts
from tests.harness.servers import NAME, Authority, served

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PASSWORD = "correct-horse"
MESSAGES = 2
PATIENCE = 60.0
"""Seconds in which the page must show the fact, on however busy a machine."""


def example() -> str:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    return str(code)


@pytest.fixture
def probes_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose files are found as if they lay in ``netwatch/probes``."""
    directory = tmp_path / "probes"
    directory.mkdir()
    monkeypatch.setattr(probes, "__path__", [*probes.__path__, str(directory)])
    yield directory
    sys.modules.pop("netwatch.probes.pop3", None)
    vars(probes).pop("pop3", None)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a province of one target, and of the secret that its mailbox opens with."""
    (tmp_path / "inventory").mkdir()
    (tmp_path / "secrets").mkdir()
    secret = tmp_path / "secrets" / "mailbox-password"
    secret.write_text(PASSWORD, encoding="utf-8")
    secret.chmod(0o600)
    return Settings(
        inventory=tmp_path / "inventory", secrets_dir=tmp_path / "secrets", vantage="state-dc"
    )


def configured(settings: Settings, **keys: object) -> Configuration:
    """The configuration with one check of the mailbox."""
    told = {"probe": "pop3", "interval": "60s", "timeout": "20s", "login": "mailbox", **keys}
    check = ", ".join(f"{key}: {value}" for key, value in told.items())
    text = ONE_ROUTER.format(checks=f"{{{check}}}")
    text += "logins: {mailbox: {user: lan, secret: mailbox-password}}\n"
    (settings.inventory / "all.yaml").write_text(text, encoding="utf-8")
    return read_configuration(settings)


async def mailbox(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A server of one mailbox with some messages (RFC 1939)."""
    answers = {
        "USER lan": "+OK",
        f"PASS {PASSWORD}": "+OK mailbox open",
        "STAT": f"+OK {MESSAGES} 320",
        "QUIT": "+OK",
    }
    writer.write(b"+OK ready\r\n")
    while line := await reader.readline():
        writer.write(f"{answers.get(line.decode().strip(), '-ERR no')}\r\n".encode())


async def test_the_probe_in_one_file_is_on_the_page_of_metrics(
    probes_dir: Path, settings: Settings, authority: Authority
) -> None:
    (probes_dir / "pop3.py").write_text(example(), encoding="utf-8")
    async with served(mailbox, "127.0.0.1", authority.context([NAME])) as port:
        configuration = configured(settings, port=port, ca=authority.bundle, name=NAME)
        parts, fleet = make_parts(configuration), Fleet()
        await fleet.open(configuration.checks, parts.collector)
        (check,) = configuration.checks
        fleet.probes["pop3"].launch(check, time.monotonic())
        labels = f'flow="",probe="pop3:{port}",site="xa",target="router"'
        wanted = f"netwatch_pop3_waiting_messages{{{labels}}} {MESSAGES:.1f}"
        page = ""
        async with asyncio.timeout(PATIENCE):
            while wanted not in page:
                await asyncio.sleep(0.05)
                page = b"".join([block async for block in parts.pages.metrics()]).decode()
        await fleet.close()
    assert "# HELP netwatch_pop3_waiting_messages Messages that wait in the mailbox." in page
    assert f"netwatch_tls_certificate_not_after_timestamp_seconds{{{labels}}}" in page
    assert PASSWORD not in page


def test_a_wrong_key_is_reported_with_file_and_line(probes_dir: Path, settings: Settings) -> None:
    (probes_dir / "pop3.py").write_text(example(), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        configured(settings, porto=995)
    assert "all.yaml:11: probe pop3: " in str(caught.value)
    with pytest.raises(ConfigError, match="interval must be at least 30s"):
        configured(settings, interval="20s")


def test_a_fact_without_help_is_refused_as_the_page_says(probes_dir: Path) -> None:
    wrong = example().replace('"Messages that wait in the mailbox."', '""')
    (probes_dir / "pop3.py").write_text(wrong, encoding="utf-8")
    told = (
        "netwatch/probes/pop3: fact netwatch_pop3_waiting_messages has no help; say in one sentence"
    )
    assert f"{told} ..." in PAGE
    with pytest.raises(DeclarationError, match=re.escape(told)):
        probes.kinds()


def test_the_probe_passes_the_checks_of_types_and_style(probes_dir: Path) -> None:
    path = probes_dir / "pop3.py"
    path.write_text(example(), encoding="utf-8")
    config = ("--config-file", str(ROOT / "pyproject.toml"))
    for command in (
        ("mypy", *config, str(path)),
        ("ruff", "check", "--config", str(ROOT / "pyproject.toml"), str(path)),
        ("ruff", "format", "--check", "--config", str(ROOT / "pyproject.toml"), str(path)),
    ):
        ran = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, "MYPYPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_page_is_read_in_ten_minutes() -> None:
    prose = PAGE.replace(example(), "")
    assert len(prose.split()) + len(example().split()) / 2 < 2000
