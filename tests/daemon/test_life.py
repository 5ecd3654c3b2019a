"""The daemon as its users run it: a process, signals, and what it serves."""

from __future__ import annotations

import re
import signal
import socket
from urllib.error import HTTPError, URLError

import pytest

from tests.daemon.running import PATIENCE, Running
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow


def test_it_measures_and_shows(running: Running) -> None:
    eventually(lambda: running.site()["state"] == "up")
    assert running.metric('netwatch_site_state{site="nam-sach"}') == 1.0
    assert running.metric("netwatch_config_last_reload_successful") == 1.0
    assert running.get("/-/healthy") == "ok\n"
    assert running.get("/-/ready") == "ok\n"
    assert "<html" in running.get("/")


def test_a_server_that_ends_is_seen_as_down(running: Running, server: socket.socket) -> None:
    eventually(lambda: running.site()["state"] == "up")
    port = server.getsockname()[1]
    server.close()
    eventually(lambda: running.site()["state"] == "down")
    assert running.causes() == [{"probe": f"tcp:{port}", "reason": "refused"}]


def test_a_reload_takes_over_a_good_configuration(running: Running) -> None:
    running.write((running.inventory / "province.yaml").read_text().replace("Sách", "SÁCH"))
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("RELOADING=1")
    running.wait_for("READY=1")
    assert running.site()["name_vi"] == "Huyện Nam SÁCH"
    assert running.metric("netwatch_config_last_reload_successful") == 1.0


def test_a_reload_refuses_a_bad_configuration_and_goes_on(running: Running) -> None:
    good = (running.inventory / "province.yaml").read_text()
    running.write(good.replace("tier: district", "tier: distrikt"))
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("RELOADING=1")
    running.wait_for("READY=1")
    assert running.metric("netwatch_config_last_reload_successful") == 0.0
    eventually(lambda: running.site()["state"] == "up")
    running.write(good)
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("RELOADING=1")
    running.wait_for("READY=1")
    assert running.metric("netwatch_config_last_reload_successful") == 1.0
    assert re.search(r"reload refused: \S*province\.yaml:\d+: .*distrikt", running.stop())


def test_the_watchdog_is_fed_while_it_measures(running: Running) -> None:
    running.wait_for("WATCHDOG=1")
    running.wait_for("WATCHDOG=1")


def test_it_stops_cleanly(running: Running) -> None:
    running.process.terminate()
    assert running.process.wait(PATIENCE) == 0
    running.wait_for("STOPPING=1")
    with pytest.raises((HTTPError, URLError)):
        running.get("/-/healthy")
