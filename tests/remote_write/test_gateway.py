"""Who may write, what comes of it, and that nothing can be read."""

from __future__ import annotations

import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from netwatch.core.errors import ConfigError
from netwatch.remote_write.gateway import MAX_PACKED_OCTETS, PATH, RemoteWriteGateway
from netwatch.web.access import Access
from netwatch.web.config.load import vantage_tls
from netwatch.web.config.watch import CurrentWebConfig
from netwatch.web.listener import open_listener
from netwatch.web.server import serve
from tests.harness import certificates
from tests.harness.remote_write import packed, series

HEADERS = {"Content-Encoding": "snappy", "X-Prometheus-Remote-Write-Version": "0.1.0"}


def up(vantage: str = "party-office", name: str = "up") -> bytes:
    return packed(series({"__name__": name, "vantage": vantage}, int(time.time() * 1000)))


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificates.make(
        tmp_path_factory.mktemp("ours") / "tls", "127.0.0.1", "party-office", "dismissed"
    )


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificates.make(tmp_path_factory.mktemp("theirs") / "tls", "127.0.0.1", "party-office")


class Store:
    """Stands for Prometheus: answers what it is told to, and keeps what it was given."""

    def __init__(self) -> None:
        self.status = 204
        self.taken: list[tuple[bytes, str]] = []

    async def write(self, request: web.Request) -> web.Response:
        self.taken.append((await request.read(), request.headers["Content-Encoding"]))
        return web.Response(status=self.status, text=f"store says {self.status}")


def guarded(gate: RemoteWriteGateway) -> web.Application:
    app = gate.app()
    Access().guard(app)
    return app


@asynccontextmanager
async def opened(tls: Path, store: Store) -> AsyncIterator[str]:
    """A gate before the store; its URL."""
    app = web.Application()
    app.router.add_post(PATH, store.write)
    behind, before = open_listener("127.0.0.1", 0), open_listener("127.0.0.1", 0)
    url = f"http://127.0.0.1:{behind.getsockname()[1]}{PATH}"
    Access().guard(app)
    async with serve(app, behind), aiohttp.ClientSession(auto_decompress=False) as session:
        gate = RemoteWriteGateway(["party-office"], url, session)
        async with serve(guarded(gate), before, CurrentWebConfig(vantage_tls(tls))):
            yield f"https://127.0.0.1:{before.getsockname()[1]}{PATH}"


def with_certificate(tls: Path, name: str | None, of: Path | None = None) -> ssl.SSLContext:
    """Somebody who trusts this gate, and has this certificate, perhaps of another authority."""
    context = ssl.create_default_context(cafile=str(tls / "ca.crt"))
    if name is not None:
        context.load_cert_chain((of or tls) / f"{name}.crt", (of or tls) / f"{name}.key")
    return context


async def said(url: str, who: ssl.SSLContext, body: bytes, method: str = "POST") -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, data=body, headers=HEADERS, ssl=who) as answer,
    ):
        return answer.status, await answer.text()


async def test_what_is_allowed_is_handed_on_as_it_came(tls: Path) -> None:
    store = Store()
    async with opened(tls, store) as url:
        for store.status in (204, 400, 500):
            body = up()
            status, _ = await said(url, with_certificate(tls, "party-office"), body)
            assert status == store.status
            assert store.taken.pop() == (body, "snappy")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (up("state-dc"), "refused: up in the name of another vantage\n"),
        (up(name="netwatch_site_info"), "refused: series 'netwatch_site_info'\n"),
        (b"garbage", "refused: "),
        (b"", "refused: no block of Snappy\n"),
    ],
    ids=["another vantage", "another series", "garbage", "nothing"],
)
async def test_what_is_not_allowed_is_reported_and_not_handed_on(
    tls: Path, body: bytes, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store()
    async with opened(tls, store) as url:
        for _ in range(3):
            status, text = await said(url, with_certificate(tls, "party-office"), body)
            assert (status, text.startswith(why)) == (400, True)
    assert store.taken == []
    assert len([line for line in caplog.messages if "refused from party-office" in line]) == 1


async def test_who_has_no_certificate_of_ours_gets_no_word_in(tls: Path, foreign: Path) -> None:
    store = Store()
    async with opened(tls, store) as url:
        nobody = with_certificate(tls, None)
        stranger = with_certificate(tls, "party-office", foreign)
        for who in (nobody, stranger):
            with pytest.raises(aiohttp.ClientError):
                await said(url, who, up())
        assert (await said(url, with_certificate(tls, "dismissed"), up("dismissed")))[0] == 403
    assert store.taken == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", PATH), ("GET", "/api/v1/query?query=up"), ("POST", "/api/v1/query"), ("GET", "/")],
)
async def test_nothing_can_be_read(tls: Path, method: str, path: str) -> None:
    store = Store()
    async with opened(tls, store) as url:
        status, _ = await said(
            url.removesuffix(PATH) + path, with_certificate(tls, "party-office"), b"", method
        )
        assert status in {404, 405}
    assert store.taken == []


async def test_a_body_has_a_bound(tls: Path) -> None:
    async with opened(tls, Store()) as url:
        status, _ = await said(
            url, with_certificate(tls, "party-office"), bytes(MAX_PACKED_OCTETS + 1)
        )
        assert status == 413


async def test_when_the_store_is_away_the_vantage_is_asked_to_try_again(tls: Path) -> None:
    before = open_listener("127.0.0.1", 0)
    gone = open_listener("127.0.0.1", 0)
    store = f"http://127.0.0.1:{gone.getsockname()[1]}"
    gone.close()
    async with aiohttp.ClientSession() as session:
        gate = RemoteWriteGateway(["party-office"], store, session)
        async with serve(guarded(gate), before, CurrentWebConfig(vantage_tls(tls))):
            url = f"https://127.0.0.1:{before.getsockname()[1]}{PATH}"
            assert (await said(url, with_certificate(tls, "party-office"), up()))[0] == 503


async def test_what_is_wrong_with_its_certificates_is_one_line(tls: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gate: .*: No such file or dir.*; it needs gate.crt"):
        vantage_tls(tmp_path)
    for name in ("gate.crt", "gate.key", "ca.crt"):
        (tmp_path / name).write_text("garbage", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"not its key without password; it needs gate.crt"):
        vantage_tls(tmp_path)
