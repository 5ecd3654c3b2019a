"""Commands that are refused, each in one line a mistake."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.daemon.running import INVENTORY, PATIENCE

pytestmark = pytest.mark.slow


def test_events_need_a_journal(tmp_path: Path) -> None:
    (line,) = refused(tmp_path, "events").splitlines()
    assert line.startswith("state_dir: ")
    (line,) = refused(tmp_path, "events", NETWATCH_STATE_DIR=str(tmp_path)).splitlines()
    assert str(tmp_path) in line
    (line,) = refused(
        tmp_path, "events", "--since", "yesterday", NETWATCH_STATE_DIR=str(tmp_path)
    ).splitlines()
    assert line.startswith("--since: ")


def refused(home: Path, *arguments: str, **environment: str) -> str:
    """What a command that must be refused says."""
    done = subprocess.run(
        [sys.executable, "-m", "netwatch", *arguments],
        env={"PATH": os.environ["PATH"], "NETWATCH_INVENTORY": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_wrong_inventory_is_refused_with_all_its_mistakes(tmp_path: Path) -> None:
    text = INVENTORY.replace("PORT", "0").replace("tier: district\n", "tier: distrikt\n")
    (tmp_path / "province.yaml").write_text(text, encoding="utf-8")
    for command in ("check", "run"):
        lines = refused(tmp_path, command).splitlines()
        assert len(lines) == 2
        assert all(re.match(r"\S*province\.yaml:\d+: ", line) for line in lines), lines


def test_a_port_in_use_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "province.yaml").write_text(INVENTORY.replace("PORT", "80"), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        lines = refused(tmp_path, "run", NETWATCH_LISTEN=where).splitlines()
    assert [where in line for line in lines] == [True]


def test_an_unknown_site_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "province.yaml").write_text(INVENTORY.replace("PORT", "80"), encoding="utf-8")
    assert len(refused(tmp_path, "probe", "nowhere").splitlines()) == 1
    assert len(refused(tmp_path, "trace", "nowhere/router").splitlines()) == 1


def test_probe_measures_once_and_says_so_by_its_exit_status(
    tmp_path: Path, server: socket.socket
) -> None:
    text = INVENTORY.replace("PORT", str(server.getsockname()[1]))
    (tmp_path / "province.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "netwatch", "probe", "nam-sach", "--json"]
    environment = {"PATH": os.environ["PATH"], "NETWATCH_INVENTORY": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    (result,) = json.loads(done.stdout)
    assert (result["outcome"], result["reason"]) == ("success", "ok")
    server.close()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert json.loads(done.stdout)[0]["reason"] == "refused"


def test_pipes_in_the_place_of_files_are_refused_at_the_start(tmp_path: Path) -> None:
    """A pipe without a writer would keep who opens it waiting for ever."""
    pipe, inventory = tmp_path / "pipe", tmp_path / "inventory"
    os.mkfifo(pipe)
    inventory.mkdir()
    os.mkfifo(inventory / "sites.yaml")
    refusals = (
        refused(tmp_path, "run", NETWATCH_INVENTORY=str(inventory)),
        refused(tmp_path, "run", NETWATCH_WEB_CONFIG=str(pipe)),
        refused(tmp_path, "run", "--settings", str(pipe)),
    )
    assert all("is not a regular file" in refusal for refusal in refusals), refusals


def test_a_state_directory_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "inventory").mkdir()
    text = INVENTORY.replace("PORT", "1")
    (tmp_path / "inventory" / "province.yaml").write_text(text, encoding="utf-8")
    state = tmp_path / "state"
    state.mkdir()
    state.chmod(0o777)
    said = refused(tmp_path / "inventory", "run", NETWATCH_STATE_DIR=str(state))
    assert f"{state}: " in said
    assert "is open to others (mode 777)" in said
