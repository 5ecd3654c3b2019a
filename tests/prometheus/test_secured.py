"""A real Prometheus reads a page that needs TLS, a login, a client certificate, a renewed one."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from netwatch.metrics.web import WebMetrics
from netwatch.settings import Settings
from netwatch.web.listener import open_listener
from netwatch.web.start import WebServer
from tests.harness.certificates import renew
from tests.harness.handshakes import serial, until_serial_is_not
from tests.harness.ports import free_port
from tests.harness.prometheus import Prometheus, launched
from tests.harness.served import CLIENTS, PASSWORD, TLS, USERS, make_certificates, until
from tests.harness.status_source import FakeSource

pytestmark = pytest.mark.slow

LOGIN = {"basic_auth": {"username": "lan", "password": PASSWORD}}
UP = 'up{job="netwatch"}'


@pytest.fixture
def tls(tmp_path: Path) -> Path:
    return make_certificates(tmp_path, "prometheus")


def trusting(tls: Path, *, with_certificate: bool) -> dict[str, Any]:
    client = {"ca_file": str(tls / "ca.crt")}
    if with_certificate:
        client |= {
            "cert_file": str(tls / "prometheus.crt"),
            "key_file": str(tls / "prometheus.key"),
        }
    return {"scheme": "https", "tls_config": client}


def write(home: Path, configuration: dict[str, Any]) -> None:
    home.mkdir()
    (home / "prometheus.yml").write_text(yaml.safe_dump(configuration), encoding="utf-8")


@asynccontextmanager
async def scraped(
    home: Path, directory: Path, config: str, client: dict[str, Any]
) -> AsyncIterator[tuple[Prometheus, CollectorRegistry]]:
    """A server with this web configuration, and a Prometheus that reads it as this client."""
    (directory / "web.yml").write_text(config, encoding="utf-8")
    registry = CollectorRegistry()
    server = WebServer(Settings(web_config=directory / "web.yml"), WebMetrics(registry))
    listener = open_listener("127.0.0.1", 0)
    target = f"127.0.0.1:{listener.getsockname()[1]}"
    job = {"job_name": "netwatch", "static_configs": [{"targets": [target]}], **client}
    configuration = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
        "scrape_configs": [job],
    }
    write(home, configuration)
    async with server.serving(FakeSource(), listener):
        running = launched(home, f"127.0.0.1:{free_port()}")
        prometheus = await asyncio.to_thread(running.__enter__)
        try:
            yield prometheus, registry
        finally:
            await asyncio.to_thread(running.__exit__, None, None, None)


async def until_up(prometheus: Prometheus) -> None:
    """Return when a scrape that ended after this moment succeeded."""
    since = time.time()

    async def is_up() -> bool:
        found = await asyncio.to_thread(prometheus.now, f"timestamp({UP} == 1) > {since}")
        return bool(found)

    await until(is_up)


async def last_error(prometheus: Prometheus) -> str:
    async def ask() -> str:
        targets = (await asyncio.to_thread(prometheus.get, "targets"))["activeTargets"]
        return "".join(target["lastError"] for target in targets)

    return await until(ask)


async def test_with_a_login(tmp_path: Path, tls: Path) -> None:
    client = trusting(tls, with_certificate=False) | LOGIN
    async with scraped(tmp_path / "home", tls, TLS + USERS, client) as (prometheus, registry):
        await until_up(prometheus)
        refused = registry.get_sample_value("netwatch_web_refused_total", {"reason": "login"})
        assert refused == 0


async def test_with_a_wrong_password(tmp_path: Path, tls: Path) -> None:
    wrong = json.loads(json.dumps(LOGIN).replace(json.dumps(PASSWORD), '"wrong"'))
    client = trusting(tls, with_certificate=False) | wrong
    async with scraped(tmp_path / "home", tls, TLS + USERS, client) as (prometheus, _):
        assert "401 Unauthorized" in await last_error(prometheus)


async def test_with_a_certificate_that_is_renewed_on_both_sides(tmp_path: Path, tls: Path) -> None:
    client = trusting(tls, with_certificate=True)
    config = TLS + CLIENTS + "  client_allowed_sans: [prometheus]\n" + USERS
    async with scraped(tmp_path / "home", tls, config, client | LOGIN) as (prometheus, registry):
        await until_up(prometheus)
        [target] = (await asyncio.to_thread(prometheus.get, "targets"))["activeTargets"]
        port = int(target["discoveredLabels"]["__address__"].rpartition(":")[2])
        former = await serial(port)
        renew(tls)
        await until_serial_is_not(port, former)
        await until_up(prometheus)
        assert registry.get_sample_value("netwatch_web_config_last_reload_successful") == 1


async def test_without_a_certificate(tmp_path: Path, tls: Path) -> None:
    client = trusting(tls, with_certificate=False)
    async with scraped(tmp_path / "home", tls, TLS + CLIENTS, client) as (prometheus, _):
        # asyncio may end the connection before it has sent the alert that says so.
        error = await last_error(prometheus)
        assert re.search(r"certificate required|EOF|server closed|reset by peer", error)
        assert await asyncio.to_thread(prometheus.now, f"{UP} == 1") == []
