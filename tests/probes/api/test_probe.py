"""The probe with each adapter that is shipped, against servers that answer as those systems do."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from netwatch.core.login import Login
from netwatch.core.result import Result
from netwatch.probes.api import PROBE
from tests.harness.probe_bench import Bench, running
from tests.harness.servers import ADDRESS, NAME, UNFIT, Authority, Handler, said, served

SECRET = "rất-bí-mật"
ADMIN = Login(SecretStr(SECRET), "admin")
ALIVE = {"reachable": 1, "stack_alive": 1}


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with running(PROBE) as bench:
        yield bench


class Site:
    """Pages by path; everything else is a 404. Takes down who asked for what, over which line."""

    def __init__(self, pages: dict[str, tuple[int, str]]) -> None:
        self.pages = pages
        self.requests: list[list[str]] = []
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while True:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            self.requests.append(lines)
            path = lines[0].split(" ")[1].partition("checksum=")[0]
            status, body = self.pages.get(path, (404, ""))
            data = body.encode()
            writer.write(
                f"HTTP/1.1 {status} X\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data
            )
            await writer.drain()


async def ask(
    bench: Bench, site: Site, tls: ssl.SSLContext | None = None, **keys: Any
) -> tuple[Result, dict[str, float]]:
    async with served(site.serve, tls=tls) as port:
        result = await bench.measure(ADDRESS, port=port, **keys)
    shown = {
        name: value for name, value in bench.last.items() if not name.startswith(("http", "tls"))
    }
    return result, shown


def jitsi(health: int, bridges: int) -> Site:
    stats = f'{{"participants": 12, "bridge_selector": {{"operational_bridge_count": {bridges}}}}}'
    return Site({"/about/health": (health, ""), "/stats": (200, stats)})


@pytest.mark.parametrize(
    ("health", "bridges", "reason", "ready"),
    [
        (200, 1, "ok", 1),
        (200, 0, "ok", 0),  # healthy by itself, and of no use
        (500, 1, "unexpected_answer", 0),
    ],
)
async def test_jitsi_is_ready_when_all_of_it_is(
    bench: Bench, health: int, bridges: int, reason: str, ready: float
) -> None:
    site = jitsi(health, bridges)
    result, shown = await ask(bench, site, adapter="jitsi-focus")
    assert result.reason == reason
    assert shown == {**ALIVE, "ready": ready, "participants": 12}
    assert site.connections == 1


async def test_a_bridge_tells_its_participants(bench: Bench) -> None:
    site = Site({"/about/health": (200, ""), "/colibri/stats": (200, '{"participants": 3}')})
    result, shown = await ask(bench, site, adapter="jitsi-bridge")
    assert said(result) == ("success", "ok")
    assert shown == {**ALIVE, "ready": 1, "participants": 3}


def bigbluebutton(code: str, *meetings: int) -> Site:
    inside = "".join(
        f"<meeting><participantCount>{n}</participantCount><isBreakout>false</isBreakout></meeting>"
        "<meeting><participantCount>2</participantCount><isBreakout>true</isBreakout></meeting>"
        for n in meetings
    )
    body = f"<response><returncode>{code}</returncode><meetings>{inside}</meetings></response>"
    return Site({"/bigbluebutton/api/getMeetings?": (200, body)})


async def test_bigbluebutton_is_asked_with_a_checksum_and_never_told_the_secret(
    bench: Bench, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    keys = {"adapter": "bigbluebutton", "login": "bbb", "name": NAME, "ca": str(authority.bundle)}
    shared = Login(SecretStr(SECRET))
    site = bigbluebutton("SUCCESS", 4, 5)
    tls = authority.context([NAME])
    result, shown = await ask(bench, site, tls, logged_in=shared, **keys)
    assert shown == {**ALIVE, "ready": 1, "participants": 9}
    checksum = sha256(f"getMeetings{SECRET}".encode()).hexdigest()
    assert site.requests[0][0].endswith(f"?checksum={checksum} HTTP/1.1")
    refused, shown = await ask(bench, bigbluebutton("FAILED"), tls, logged_in=shared, **keys)
    assert said(refused) == ("failure", "unexpected_answer")
    assert refused.detail == "/response/returncode is not SUCCESS"
    assert shown == ALIVE
    quiet, shown = await ask(bench, bigbluebutton("SUCCESS"), tls, logged_in=shared, **keys)
    assert shown["participants"] == 0
    for text in (repr(result), repr(refused), str(quiet.check), caplog.text):
        assert SECRET not in text
        assert checksum not in text


def codec(sip: str, h323: str, call: str) -> Site:
    place = "/getxml?location=/Status/"
    return Site(
        {
            f"{place}SIP/Registration": (
                200,
                (
                    f'<Status><SIP><Registration item="1"><Status item="1">{sip}'
                    "</Status></Registration></SIP></Status>"
                ),
            ),
            f"{place}H323/Gatekeeper/Status": (200, h323),
            f"{place}Call": (200, call),
        }
    )


NOTHING = "<EmptyResult/>"
GATEKEEPER = "<Status><H323><Gatekeeper><Status>{}</Status></Gatekeeper></H323></Status>"
CALL = '<Status><Call item="1"><Status>Connected</Status></Call></Status>'


@pytest.mark.parametrize(
    ("site", "facts"),
    [
        (codec("Registered", NOTHING, NOTHING), {"registered": 1, "in_call": 0}),
        (codec("Inactive", GATEKEEPER.format("Registered"), CALL), {"registered": 1, "in_call": 1}),
        (codec("Failed", GATEKEEPER.format("Inactive"), NOTHING), {"registered": 0, "in_call": 0}),
        (codec("Inactive", GATEKEEPER.format("Inactive"), NOTHING), {"in_call": 0}),
    ],
)
async def test_a_cisco_codec_tells_registration_and_call(
    bench: Bench, authority: Authority, site: Site, facts: dict[str, float]
) -> None:
    keys = {"adapter": "cisco-xapi", "login": "codec", "ca": str(authority.bundle)}
    result, shown = await ask(bench, site, authority.context([ADDRESS]), logged_in=ADMIN, **keys)
    assert said(result) == ("success", "ok")
    assert shown == {**ALIVE, **facts}
    sent = [line for lines in site.requests for line in lines if line.startswith("Authorization")]
    assert sent == ["Authorization: Basic YWRtaW46cuG6pXQtYsOtLW3huq10"] * 3
    assert site.connections == 1


POLY = '{"data": {"User": [{"Events": [{"RegistrationState": "%s"}]}]}, "Status": "2000"}'
CONNECTED = '{"data": [{"CallState": "Connected"}], "Status": "2000"}'


@pytest.mark.parametrize(
    ("state", "calls", "facts"),
    [
        ("Registered", '{"data": [], "Status": "2000"}', {"registered": 1, "in_call": 0}),
        ("Registering", CONNECTED, {"registered": 0, "in_call": 1}),
    ],
)
async def test_a_poly_tells_registration_and_call(
    bench: Bench, authority: Authority, state: str, calls: str, facts: dict[str, float]
) -> None:
    site = Site(
        {
            "/api/v1/webCallControl/sipStatus": (200, POLY % state),
            "/api/v2/webCallControl/callStatus": (200, calls),
        }
    )
    keys = {"adapter": "poly-uc", "login": "poly", "ca": str(authority.bundle)}
    result, shown = await ask(bench, site, authority.context([ADDRESS]), logged_in=ADMIN, **keys)
    assert said(result) == ("success", "ok")
    assert shown == {**ALIVE, **facts}


async def test_a_generic_system_is_read_by_a_file_of_ones_own(
    bench: Bench, authority: Authority, tmp_path: Path
) -> None:
    file = tmp_path / "our-mcu.yaml"
    file.write_text(
        "system: Our own\nlogin: bearer\nquestions:\n  - path: /s\n    tells:\n"
        "      - {fact: ready, at: /ports/free, above: 10}\n"
    )
    keys = {"adapter": str(file), "login": "mcu", "ca": str(authority.bundle)}
    site = Site({"/s": (200, '{"ports": {"free": 40}}')})
    token = Login(SecretStr("token"))
    result, shown = await ask(bench, site, authority.context([ADDRESS]), logged_in=token, **keys)
    assert (result.check.probe, shown) == ("api:our-mcu", {**ALIVE, "ready": 1})
    assert "Authorization: Bearer token" in site.requests[0]


@pytest.mark.parametrize(
    ("pages", "reason", "detail"),
    [
        ({"/about/health": (401, "")}, "authentication", "401 from /about/health"),
        ({"/about/health": (302, "")}, "unexpected_answer", "status 302 from /about/health"),
        (
            {"/about/health": (200, ""), "/stats": (200, "<html>")},
            "protocol_error",
            "/stats is not",
        ),
        (
            {"/about/health": (200, ""), "/stats": (200, " " * 200_000)},
            "protocol_error",
            "more than 192 KiB from /stats",
        ),
    ],
)
async def test_answers_that_say_nothing(
    bench: Bench, pages: dict[str, tuple[int, str]], reason: str, detail: str
) -> None:
    result, shown = await ask(bench, Site(pages), adapter="jitsi-focus")
    assert (result.reason, result.detail[: len(detail)]) == (reason, detail)
    assert shown.items() >= ALIVE.items()
    assert "participants" not in shown


async def test_a_certificate_that_is_not_trusted_gets_no_password(
    bench: Bench, authority: Authority
) -> None:
    site = codec("Registered", NOTHING, NOTHING)
    keys = {"adapter": "cisco-xapi", "login": "codec"}
    result, shown = await ask(bench, site, authority.context([ADDRESS]), logged_in=ADMIN, **keys)
    assert said(result) == ("failure", "certificate_invalid")
    assert (shown, site.requests) == ({"reachable": 1}, [])


@pytest.mark.parametrize(("handler", "reason"), UNFIT)
async def test_what_is_no_web_server(bench: Bench, handler: Handler, reason: str) -> None:
    async with served(handler) as port:
        result = await bench.measure(ADDRESS, port=port, timeout=1.0, adapter="jitsi-focus")
    assert said(result) == ("failure", reason)
    assert bench.last == {"reachable": 1, "stack_alive": 0, "ready": 0}


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_any_body_is_a_result(body: bytes) -> None:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + body)
        writer.close()

    async def run() -> None:
        async with running(PROBE) as bench, served(say) as port:
            result = await bench.measure(
                ADDRESS,
                port=port,
                adapter="bigbluebutton",
                scheme="http",
                login="bbb",
                logged_in=Login(SecretStr("x")),
            )
        assert "internal" not in result.detail

    asyncio.run(run())
