"""Refused logins in the audit: told at once, and no flood of them fills the disk."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from pathlib import Path

import pytest

from netwatch.audit import logins
from netwatch.audit.log import AuditLog
from netwatch.audit.logins import RefusedLogins
from tests.harness.served import USERS, served, until

USER = "lan"


def told(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    """The details of each line about refused logins."""
    found = []
    for record in caplog.records:
        _, is_one, text = record.getMessage().partition("audit login-refused by netwatch (program)")
        if is_one:
            found.append(json.loads(text.partition("subject=web ")[2]))
    return found


async def test_a_flood_is_two_lines(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(logins, "INTERVAL", 0.05)
    refused = RefusedLogins(AuditLog())
    for number in range(5000):
        refused.add(f"guess-{number}", f"10.0.{number % 100}.1", is_known=False)
    first = {"count": 1, "sources": {"10.0.0.1": 1}, "users": {"unknown name": 1}}
    assert told(caplog) == [first]

    async def is_told() -> bool:
        return len(told(caplog)) == 2

    await until(is_told)
    assert told(caplog)[1]["count"] == 4999
    sources = told(caplog)[1]["sources"]
    assert isinstance(sources, dict)
    assert len(sources) <= logins.MAX_NAMED + 1
    assert sum(sources.values()) == 4999
    await asyncio.sleep(0.2)
    assert len(told(caplog)) == 2
    refused.add(USER, "10.0.0.9", is_known=True)
    assert told(caplog)[2] == {"count": 1, "sources": {"10.0.0.9": 1}, "users": {USER: 1}}


async def test_what_is_left_is_told_at_the_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    refused = RefusedLogins(AuditLog())
    for _ in range(3):
        refused.add(USER, "10.0.0.9", is_known=True)
    refused.close()
    assert [line["count"] for line in told(caplog)] == [1, 2]


async def ask(port: int, login: str | None) -> bytes:
    """The status line of the answer to who logs in with this, as ``user:password``."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = ""
    if login is not None:
        head = f"Authorization: Basic {base64.b64encode(login.encode()).decode()}\r\n"
    writer.write(f"GET /-/ready HTTP/1.1\r\nHost: localhost\r\n{head}\r\n".encode())
    line = await reader.readline()
    writer.close()
    return line


async def test_a_wrong_password_is_told_and_never_what_was_typed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with served(tmp_path, USERS) as server:
        assert b" 401 " in await ask(server.port, None)  # a browser that asks what to do
        assert told(caplog) == []
        for login in (f"{USER}:qwerty-1", "qwerty-2:", "qwerty-2:x"):
            assert b" 401 " in await ask(server.port, login)
    assert told(caplog) == [
        {"count": 1, "sources": {"127.0.0.1": 1}, "users": {USER: 1}},
        {"count": 2, "sources": {"127.0.0.1": 2}, "users": {"unknown name": 2}},
    ]
    assert "qwerty" not in caplog.text


async def test_a_changed_password_is_told_as_changed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with served(tmp_path, USERS) as server:
        assert server.port
        other = USERS.replace("$2b$04$", "$2b$05$") + USERS.splitlines()[1].replace(USER, "minh")
        (tmp_path / "web.yml").write_text(other, encoding="utf-8")

        async def is_told() -> bool:
            return "audit web-config by netwatch (program)" in caplog.text

        await until(is_told)
    assert '{"passwords_changed":["lan"],"users_added":["minh"]}' in caplog.text
    assert "$2b$" not in caplog.text
