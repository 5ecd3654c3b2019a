"""What is said when other machines reach the pages without TLS or without a login."""

from __future__ import annotations

import json
import re
import ssl
from pathlib import Path

import pytest

from netwatch.metrics.web import WebMetrics
from netwatch.settings import Settings
from netwatch.web.app import create_app
from netwatch.web.config.load import WebConfig
from netwatch.web.config.watch import CurrentWebConfig
from netwatch.web.exposure import Exposure
from netwatch.web.listener import open_listener
from netwatch.web.server import serve
from netwatch.web.start import WebServer
from tests.harness.status_source import FakeSource
from tests.web.browser import browse
from tests.web.client import fetch

TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
MUTUAL = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
MUTUAL.verify_mode = ssl.CERT_REQUIRED
USERS = {"lan": b"hash"}


@pytest.mark.parametrize(
    ("listen", "config", "lacking"),
    [
        ("127.0.0.1", WebConfig(), []),
        ("127.8.8.8", WebConfig(), []),
        ("::1", WebConfig(), []),
        ("0.0.0.0", WebConfig(), ["tls", "login"]),
        ("::", WebConfig(), ["tls", "login"]),
        ("10.16.0.40", WebConfig(), ["tls", "login"]),
        ("10.16.0.40", WebConfig(users=USERS), ["tls"]),
        ("10.16.0.40", WebConfig(tls=TLS), ["login"]),
        ("10.16.0.40", WebConfig(tls=TLS, users=USERS), []),
        ("10.16.0.40", WebConfig(tls=MUTUAL), []),
    ],
)
def test_what_is_lacking(
    listen: str, config: WebConfig, lacking: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    exposure = Exposure(CurrentWebConfig(config), listen)
    assert exposure.lacking() == lacking
    exposure.warn()
    assert len(caplog.messages) == bool(lacking)


async def test_it_is_told_by_one_warning_a_metric_and_the_page(
    caplog: pytest.LogCaptureFixture,
) -> None:
    metrics = WebMetrics()
    server = WebServer(Settings(listen="0.0.0.0:0"), metrics)
    listener = open_listener("0.0.0.0", 0)
    port = listener.getsockname()[1]
    async with server.serving(FakeSource(), listener):
        _, body = await fetch(port, "/status.json")
    assert json.loads(body)["web_lacks"] == ["tls", "login"]
    [(sample,)] = [metric.samples for metric in metrics.unprotected.collect()]
    assert sample.value == 1
    [told] = caplog.messages
    assert told.startswith("trang web mở cho máy khác mà thiếu TLS và đăng nhập; hãy đặt web_conf")
    assert "other machines reach the web server without TLS and a login; set web_config" in told


async def test_the_page_learns_of_a_change(tmp_path: Path) -> None:
    config = CurrentWebConfig(WebConfig())
    exposure = Exposure(config, "10.16.0.40")
    listener = open_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with serve(create_app(FakeSource(), exposure=exposure), listener):
        config.current = WebConfig(tls=TLS, users=USERS)
        _, body = await fetch(port, "/status.json")
    assert json.loads(body)["web_lacks"] == []


@pytest.mark.slow
async def test_the_page_says_it_in_one_line(tmp_path: Path) -> None:
    listener = open_listener("127.0.0.1", 0)
    exposure = Exposure(CurrentWebConfig(WebConfig()), "10.16.0.40")
    async with serve(create_app(FakeSource(), exposure=exposure), listener):
        dom = await browse(f"http://127.0.0.1:{listener.getsockname()[1]}/", tmp_path)
    assert re.search(r'id="open" role="note">', dom), "it is not hidden"
    assert re.search(r'id="open-vi">TLS và đăng nhập<', dom)
    assert re.search(r'id="open-en">TLS and a login<', dom)
