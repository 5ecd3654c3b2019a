"""Calendars over HTTPS: from Debian's radicale, and from servers of the test's own."""

from __future__ import annotations

import asyncio
import base64
import logging
import os
import ssl
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr, ValidationError

from netwatch.core.login import Login
from netwatch.inventory.meetings import CalendarSpec
from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.copies import CalendarCopy
from netwatch.meetings.calendars.kept import load, save
from netwatch.meetings.calendars.readings import LastReading
from netwatch.meetings.calendars.sources import CalendarSources
from netwatch.meetings.occurrences import find_meetings
from tests.harness.builders import make_inventory
from tests.harness.meetings import make_ics
from tests.harness.ports import free_port
from tests.harness.processes import is_bound, process
from tests.harness.requirements import require_tool
from tests.harness.servers import ADDRESS, NAME, Authority, Handler, served, silent

BOUNDS = CalendarBounds(octets=1 << 20)
RADICALE = "127.7.1.6"
SECRET = "mật-khẩu-lịch"
LOGIN = Login(SecretStr(SECRET), "hop")
BEGIN = datetime(2026, 11, 23, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))

GIAO_BAN = make_ics(
    "UID:1\nSUMMARY:Giao ban\nDTSTART;TZID=Asia/Ho_Chi_Minh:20261123T080000\nDURATION:PT2H\n"
    "RRULE:FREQ=WEEKLY;BYDAY=MO\nLOCATION:Huyện Nam Sách"
)
OTHER = make_ics("UID:2\nSUMMARY:Khác\nDTSTART:20261124T010000Z\nDURATION:PT1H\nLOCATION:nam-sach")


def feeds(
    directory: Path | None = None, logged_in: Login | None = None, **keys: Any
) -> tuple[CalendarSources, CalendarSpec]:
    entry = {"name_vi": "Lịch", "level": "province-district", **keys}
    inventory = make_inventory(calendars={"van-phong": entry})
    logins = {"van-phong": logged_in} if logged_in else {}
    sources = CalendarSources(inventory, logins, directory, BOUNDS)
    return sources, inventory.calendars["van-phong"]


async def refresh(calendars: CalendarSources) -> None:
    await calendars.refresh(BEGIN, BEGIN + timedelta(days=9), BEGIN)


def titles(calendars: CalendarSources) -> set[str]:
    """Of the events that are known."""
    reading = calendars.known("van-phong", BEGIN).reading
    return set() if reading is None else {event.title for event in reading.events}


def said(calendars: CalendarSources, now: datetime = BEGIN) -> list[str]:
    return [*calendars.known("van-phong", now).warnings]


def told(calendars: CalendarSources) -> str:
    return "\n".join(said(calendars))


def at(port: int, authority: Authority, **keys: Any) -> dict[str, Any]:
    url = f"https://{NAME}:{port}/hop/giao-ban/"
    return {"url": url, "address": ADDRESS, "ca": str(authority.bundle), **keys}


@pytest.fixture(scope="module")
def radicale(
    tmp_path_factory: pytest.TempPathFactory, authority: Authority
) -> Iterator[dict[str, Any]]:
    program = require_tool("radicale")
    directory = tmp_path_factory.mktemp("radicale")
    port = free_port()
    pair = authority.pair([NAME])
    (directory / "users").write_text(f"hop:{SECRET}\n", encoding="utf-8")
    (directory / "config").write_text(
        f"[server]\nhosts = {RADICALE}:{port}\nssl = True\ncertificate = {pair}\nkey = {pair}\n"
        f"[auth]\ntype = htpasswd\nhtpasswd_filename = {directory}/users\n"
        f"htpasswd_encryption = plain\n[storage]\nfilesystem_folder = {directory}/collections\n"
    )
    with process(
        [program, "--config", str(directory / "config")],
        directory,
        lambda: is_bound(RADICALE, port, "tcp"),
    ):
        keys = {"url": f"https://{NAME}:{port}/hop/giao-ban/", "address": RADICALE}
        yield {**keys, "ca": str(authority.bundle), "login": "calendar"}


def put(radicale: dict[str, Any], text: str) -> None:
    """Keeps a calendar on the server, as a program of the office would."""
    port = radicale["url"].split(":")[2].partition("/")[0]
    context = ssl.create_default_context(cafile=radicale["ca"])
    context.check_hostname = False
    pair = base64.b64encode(f"hop:{SECRET}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}", "Content-Type": "text/calendar; charset=utf-8"}
    request = urllib.request.Request(
        f"https://{RADICALE}:{port}/hop/giao-ban/", text.encode(), headers, method="PUT"
    )
    handler = urllib.request.HTTPSHandler(context=context)
    with urllib.request.build_opener(handler).open(request, timeout=10) as answer:
        assert answer.status in {201, 204}


async def test_meetings_come_from_radicale_over_tls_with_a_password(
    radicale: dict[str, Any], tmp_path: Path
) -> None:
    await asyncio.to_thread(put, radicale, GIAO_BAN)
    found, spec = feeds(tmp_path, LOGIN, **radicale)
    await refresh(found)
    assert said(found) == []
    inventory = make_inventory(calendars={"van-phong": spec.model_dump(mode="json")})
    meetings, lines, _ = find_meetings(inventory, BEGIN, BEGIN + timedelta(days=8), found.known)
    assert [f"{m.start:%m-%d %H:%M} {m.endpoints}" for m in meetings] == [
        "11-23 08:00 ('nam-sach/codec',)",
        "11-30 08:00 ('nam-sach/codec',)",
    ]
    assert lines == []
    await asyncio.to_thread(put, radicale, OTHER)
    await refresh(found)
    assert titles(found) == {"Khác"}


async def test_radicale_refuses_a_wrong_password(
    radicale: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    found, _spec = feeds(None, Login(SecretStr("sai-mật-khẩu"), "hop"), **radicale)
    await refresh(found)
    assert "does not take the login" in told(found)
    assert "sai-m" not in caplog.text


class Office:
    """Serves one calendar, knows its ETag, and does what it is told instead."""

    def __init__(self, text: str = GIAO_BAN) -> None:
        self.text = text
        self.heard: list[list[str]] = []
        self.instead: bytes | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        self.heard.append(lines)
        if self.instead is not None:
            writer.write(self.instead)
        elif 'If-None-Match: "7"' in lines and "If-Modified-Since: " + DATE in lines:
            writer.write(b'HTTP/1.1 304 Not Modified\r\nETag: "7"\r\n\r\n')
        else:
            head = f'HTTP/1.1 200 OK\r\nETag: "7"\r\nLast-Modified: {DATE}\r\n\r\n'
            writer.write(head.encode() + self.text.encode())
        await writer.drain()
        writer.close()


DATE = "Mon, 23 Nov 2026 01:00:00 GMT"


async def test_what_has_not_changed_is_not_sent_again(authority: Authority, tmp_path: Path) -> None:
    office = Office()
    async with served(office.serve, tls=authority.context([NAME])) as port:
        found, _spec = feeds(tmp_path, **at(port, authority))
        await refresh(found)
        office.text = OTHER  # which would come, were it asked for without condition
        await refresh(found)
        assert titles(found) == {"Giao ban"}
        again, _ = feeds(tmp_path, **at(port, authority))
        await refresh(again)
    assert titles(again) == {"Giao ban"}
    conditional = [any(line.startswith("If-") for line in lines) for lines in office.heard]
    assert conditional == [False, True, True]
    assert [line for line in office.heard[0] if line.startswith("Authorization")] == []


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.mark.parametrize(
    ("instead", "why"),
    [
        (answer("500 Broken"), "status 500"),
        (answer("401 Who"), "does not take the login (401)"),
        (answer("302 Found", b"", "Location: https://127.0.0.1/"), "sends elsewhere (302)"),
        (answer("200 OK", b"<html>log in</html>"), "is no calendar"),
        (answer("200 OK", b"\xff\xfe\x00"), "is no calendar"),
        (answer("200 OK", b"x" * (BOUNDS.octets + 1)), "is larger than 1048576 octets"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "is no calendar"),
        (b"SSH-2.0-x\r\n", "not HTTP"),
        (b"", "hung up"),
        (answer("304 Not Modified"), ""),
    ],
)
async def test_the_last_good_copy_is_kept_and_its_age_said(
    authority: Authority, tmp_path: Path, instead: bytes, why: str
) -> None:
    office = Office()
    async with served(office.serve, tls=authority.context([NAME])) as port:
        found, _spec = feeds(tmp_path, **at(port, authority))
        await refresh(found)
        office.instead = instead
        await refresh(found)
        later = datetime.now(UTC) + timedelta(hours=30)
        lines = said(found, later)
        again, _ = feeds(tmp_path, **at(port, authority))
        assert titles(again) == {"Giao ban"}  # a daemon that was started anew
    assert titles(found) == {"Giao ban"}
    if not why:
        assert lines == []
        return
    (line,) = lines
    assert line.startswith("calendar van-phong: the copy of ")
    assert "is used, 30 h old: " in line
    assert why in line
    (told,) = said(again, later)
    assert told.endswith("old: not read yet")


async def test_without_any_copy_the_reason_is_said(authority: Authority) -> None:
    found, spec = feeds(None, **at(free_port(), authority))
    await refresh(found)
    inventory = make_inventory(calendars={"van-phong": spec.model_dump(mode="json")})
    meetings, lines, _ = find_meetings(inventory, BEGIN, BEGIN + timedelta(days=8), found.known)
    assert meetings == []
    (warning,) = lines
    assert warning.startswith(f"calendar van-phong: {spec.url} can't be fetched: refused")


async def test_a_server_that_cannot_be_trusted_hears_no_password(authority: Authority) -> None:
    office = Office()
    async with served(office.serve, tls=authority.context(["other.test"])) as port:
        found, _ = feeds(None, LOGIN, **at(port, authority, login="calendar"))
        await refresh(found)
        assert "certificate_invalid" in told(found)
        found, _spec = feeds(None, LOGIN, **at(port, authority, login="calendar", ca="/no/such"))
        await refresh(found)
        assert "not a readable file of PEM certificates" in told(found)
    assert office.heard == []


async def test_a_server_that_hangs_costs_its_time_and_no_more(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netwatch.meetings.calendars.fetch.FETCH_TIMEOUT", 0.3)
    async with served(silent, tls=authority.context([NAME])) as port:
        found, _spec = feeds(None, **at(port, authority))
        await refresh(found)
    assert "no answer within" in told(found)


def endless() -> Handler:
    async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nBEGIN:VCALENDAR\r\n")
        for _ in range(1000):  # 27 MB: a writer does not notice that nobody reads any more
            writer.write(b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 1000)
            await writer.drain()

    return stream


async def test_an_endless_calendar_ends(authority: Authority) -> None:
    async with served(endless(), tls=authority.context([NAME])) as port:
        found, _spec = feeds(None, **at(port, authority))
        await refresh(found)
    assert "is larger than 1048576 octets" in told(found)


async def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for source in (tmp_path / "pipe", Path("/dev/zero")):
        found, _ = feeds(None, file=str(source))
        await refresh(found)
        assert told(found) == f"calendar van-phong: {source} is not a regular file"
    (tmp_path / "large").write_bytes(b"x" * (BOUNDS.octets + 1))
    found, _ = feeds(None, file=str(tmp_path / "large"))
    await refresh(found)
    assert "is larger than 1048576 octets; set calendar_octets" in told(found)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"url": 1}', b"\xff", bytes(20)])
@pytest.mark.parametrize("model", [CalendarCopy, LastReading])
def test_a_damaged_copy_is_none(tmp_path: Path, content: bytes, model: type[BaseModel]) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content)
    assert load(file, model) is None


def test_any_octets_are_kept(tmp_path: Path) -> None:
    copy = CalendarCopy(url="https://x/", content=bytes(range(256)), fetched=0.0)
    save(tmp_path / "x.json", copy)
    assert load(tmp_path / "x.json", CalendarCopy) == copy


async def test_a_copy_of_another_url_is_not_used(authority: Authority, tmp_path: Path) -> None:
    office = Office()
    async with served(office.serve, tls=authority.context([NAME])) as port:
        keys = at(port, authority)
        found, _ = feeds(tmp_path, **keys)
        await refresh(found)
    assert titles(found) == {"Giao ban"}
    again, _ = feeds(tmp_path, **keys)
    assert titles(again) == {"Giao ban"}
    other, _ = feeds(tmp_path, **{**keys, "url": "https://other.test/"})
    assert other.known("van-phong", BEGIN).reading is None


async def test_a_disk_that_keeps_nothing_stops_nothing(
    authority: Authority, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "calendars").write_text("in the way")
    office = Office()
    async with served(office.serve, tls=authority.context([NAME])) as port:
        found, _spec = feeds(tmp_path, **at(port, authority))
        await refresh(found)
    assert titles(found) == {"Giao ban"}
    assert "is not kept" in caplog.text


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({}, "needs either file or url"),
        ({"file": "a.ics", "url": "https://x/"}, "needs either file or url"),
        ({"url": "https://x/"}, "url and address belong together"),
        ({"file": "a.ics", "login": "x"}, "login is for url"),
        ({"url": "http://x/", "address": ADDRESS}, "is no address of a calendar"),
        ({"url": "https://user:pass@x/", "address": ADDRESS}, "is no address of a calendar"),
        ({"url": "https://x/ y", "address": ADDRESS}, "is no address of a calendar"),
        ({"url": "https://x/#y", "address": ADDRESS}, "has a part behind #"),
        ({"url": "https://x/", "address": "lich.test"}, "is not an IPv4 or IPv6 address"),
    ],
)
def test_where_a_calendar_may_be(keys: dict[str, str], problem: str) -> None:
    with pytest.raises(ValidationError) as caught:
        CalendarSpec.model_validate({"name_vi": "Lịch", "level": "x", **keys})
    assert problem in str(caught.value)


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_any_answer_ends_in_a_copy_or_a_reason(
    authority: Authority, content: bytes, honest: bool
) -> None:
    async def run() -> None:
        office = Office()
        office.instead = (b"HTTP/1.1 200 OK\r\n\r\n" if honest else b"") + content
        async with served(office.serve, tls=authority.context([NAME])) as port:
            found, _spec = feeds(None, **at(port, authority))
            await refresh(found)
        assert "can't be fetched: " in told(found)

    asyncio.run(run())
