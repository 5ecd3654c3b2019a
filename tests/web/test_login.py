"""Logins: who is let in, at what price, and what can't be found out or poisoned."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from pathlib import Path

import bcrypt
import pytest
from aiohttp import ClientSession, encode_basic_auth, web

from netwatch.web import passwords
from netwatch.web.access import VISITOR, Access, Visitor
from netwatch.web.config.load import WebConfig
from netwatch.web.config.watch import CurrentWebConfig
from netwatch.web.listener import open_listener
from netwatch.web.passwords import Passwords, TooManyLoginsError
from netwatch.web.server import serve
from tests.harness.served import HASH, PASSWORD, USERS, served, until
from tests.web.client import fetch

HASHES = {"lan": HASH.encode()}


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": encode_basic_auth(user, password, "utf-8")}


async def test_who_knows_the_password_is_let_in_everywhere(tmp_path: Path) -> None:
    async with served(tmp_path, USERS) as server:
        for path in ("/", "/metrics", "/status.json", "/-/healthy", "/static/page.js"):
            assert (await fetch(server.port, path, **basic("lan", PASSWORD)))[0].status == 200
        assert server.refused("login") == 0


WRONG = [
    {},
    basic("lan", "wrong"),
    basic("lan", ""),
    basic("", ""),
    basic("nobody", PASSWORD),
    basic("LAN", PASSWORD),
    {"Authorization": "Bearer " + base64.b64encode(f"lan:{PASSWORD}".encode()).decode()},
    {"Authorization": "Basic " + base64.b64encode(b"lan").decode()},
    {"Authorization": "Basic ===="},
    {"Authorization": "Basic " + base64.b64encode(b"\xff\xfe:x").decode()},
    {"Authorization": "Basic"},
    {"Authorization": ""},
]


@pytest.mark.parametrize("headers", WRONG)
@pytest.mark.parametrize("path", ["/metrics", "/-/healthy", "/nothing"])
async def test_nobody_else_is(tmp_path: Path, headers: dict[str, str], path: str) -> None:
    async with served(tmp_path, USERS) as server:
        response, body = await fetch(server.port, path, **headers)
        assert (response.status, body) == (401, b"log in\n")
        assert response.headers["WWW-Authenticate"] == 'Basic realm="netwatch", charset="UTF-8"'
        assert server.refused("login") == 1


async def test_users_change_without_a_restart(tmp_path: Path) -> None:
    other = bcrypt.hashpw(b"other", bcrypt.gensalt(4)).decode()
    async with served(tmp_path, USERS) as server:
        assert (await fetch(server.port, "/metrics", **basic("lan", PASSWORD)))[0].status == 200
        (tmp_path / "web.yml").write_text(f"basic_auth_users: {{hoa: {other}}}\n")

        async def is_let_in() -> bool:
            return (await fetch(server.port, "/", **basic("hoa", "other")))[0].status == 200

        await until(is_let_in)
        assert (await fetch(server.port, "/metrics", **basic("lan", PASSWORD)))[0].status == 401


async def test_a_file_that_is_broken_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with served(tmp_path, USERS) as server:
        (tmp_path / "web.yml").write_text(USERS + "tls: {}\n", encoding="utf-8")
        await server.until_told("netwatch_web_config_last_reload_successful", 0)
        await asyncio.sleep(2.5)  # told once, however often it is looked at
        assert (await fetch(server.port, "/metrics"))[0].status == 401
        assert (await fetch(server.port, "/metrics", **basic("lan", PASSWORD)))[0].status == 200
    told = [line for line in caplog.messages if "web configuration refused" in line]
    assert len(told) == 1
    assert "web.yml:3: unknown key 'tls'" in told[0]


class Counting(Passwords):
    """Counts the comparisons, and who was compared with what."""

    compared: list[tuple[bytes, bytes]]

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.compared = []
        check = bcrypt.checkpw

        def counted(password: bytes, hash_: bytes) -> bool:
            self.compared.append((password, hash_))
            return check(password, hash_)

        monkeypatch.setattr(bcrypt, "checkpw", counted)


async def test_an_unknown_user_costs_what_a_known_one_costs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hashes = HASHES | {"dear": bcrypt.hashpw(b"x", bcrypt.gensalt(6))}
    counting = Counting(monkeypatch)
    assert not await counting.match(hashes, "lan", b"wrong", "10.0.0.1")
    assert not await counting.match(hashes, "nobody", b"wrong", "10.0.0.1")
    assert not await counting.match(hashes, "nobody", b"wrong", "10.0.0.1")
    costs = [hash_ for _, hash_ in counting.compared]
    assert len(costs) == 3
    assert set(costs) <= set(hashes.values()), "an unknown user costs as much as a known one"
    assert costs[1] == costs[2], "and always as much as the same one"
    counting.close()


async def test_who_guesses_the_decoy_is_not_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting(monkeypatch)
    # The only hash there is stands for every unknown user, and this is its password.
    for _ in range(2):
        assert not await counting.match(HASHES, "nobody", PASSWORD.encode(), "10.0.0.1")
    assert await counting.match(HASHES, "lan", PASSWORD.encode(), "10.0.0.1")
    assert not await counting.match(HASHES, "nobody", PASSWORD.encode(), "10.0.0.1")
    counting.close()


async def test_only_what_was_right_is_remembered_and_only_for_that_hash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counting = Counting(monkeypatch)
    right = PASSWORD.encode()
    for _ in range(3):
        assert await counting.match(HASHES, "lan", right, "10.0.0.1")
    assert len(counting.compared) == 1
    for _ in range(3):
        assert not await counting.match(HASHES, "lan", b"wrong", "10.0.0.1")
    assert len(counting.compared) == 4
    # Fields that were strung together could be cut elsewhere (CVE-2022-46146).
    for user, password in (("la", b"n" + right), ("lan:", right), ("", b"lan" + right)):
        assert not await counting.match(HASHES, user, password, "10.0.0.1")
    changed = {"lan": bcrypt.hashpw(b"new", bcrypt.gensalt(4))}
    assert not await counting.match(changed, "lan", right, "10.0.0.1")
    counting.close()


async def test_what_is_remembered_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MAX_REMEMBERED", 2)
    counting = Counting(monkeypatch)
    users = {name: HASH.encode() for name in ("a", "b", "c")}
    for name in ("a", "b", "c", "c", "a"):
        assert await counting.match(users, name, PASSWORD.encode(), "10.0.0.1")
    assert len(counting.compared) == 4  # c was remembered, a no longer
    counting.close()


@pytest.mark.parametrize("password", [b"x" * 100, b"a\0b", b"\xff\xfe", b""])
async def test_passwords_may_be_any_octets(password: bytes) -> None:
    hashes = {"lan": bcrypt.hashpw(password[:72], bcrypt.gensalt(4))}
    some = Passwords()
    assert await some.match(hashes, "lan", password, "10.0.0.1")
    assert not await some.match(hashes, "lan", b"other" + password, "10.0.0.1")
    some.close()


async def test_one_source_can_not_keep_another_from_logging_in() -> None:
    some = Passwords()
    dear = {"lan": bcrypt.hashpw(b"right", bcrypt.gensalt(10))}
    guesses = [
        asyncio.create_task(some.match(dear, "lan", b"%d" % number, "10.0.0.66"))
        for number in range(1000)
    ]
    await asyncio.sleep(0)
    assert await some.match(dear, "lan", b"right", "10.0.0.1")
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, TooManyLoginsError)]
    assert len(refused) == 1000 - passwords.MAX_WAITING_OF_SOURCE
    assert answers.count(False) == passwords.MAX_WAITING_OF_SOURCE
    some.close()


async def test_the_event_loop_goes_on_meanwhile() -> None:
    some = Passwords()
    dear = {"lan": bcrypt.hashpw(b"right", bcrypt.gensalt(12))}
    comparison = asyncio.create_task(some.match(dear, "lan", b"wrong", "10.0.0.1"))
    turns = 0
    while not comparison.done():
        turns += 1
        await asyncio.sleep(0)
    assert turns > 100
    some.close()


@pytest.mark.parametrize(
    ("user", "visitor"), [("lan", Visitor("lan", may_act=True)), ("hoa", Visitor("hoa"))]
)
async def test_who_may_act(user: str, visitor: Visitor) -> None:
    users: Mapping[str, bytes] = HASHES | {"hoa": HASH.encode()}
    access = Access(CurrentWebConfig(WebConfig(users=users, act_users=frozenset({"lan"}))))

    async def show(request: web.Request) -> web.Response:
        found = request[VISITOR]
        return web.json_response({"user": found.user, "may_act": found.may_act})

    app = web.Application()
    app.router.add_get("/", show)
    access.guard(app)
    listener = open_listener("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    async with (
        serve(app, listener),
        ClientSession(headers=basic(user, PASSWORD)) as session,
        session.get(url) as answer,
    ):
        assert await answer.json() == {"user": visitor.user, "may_act": visitor.may_act}


async def test_busy_logins_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MAX_WAITING_OF_SOURCE", 0)
    async with served(tmp_path, USERS) as server:
        response, _ = await fetch(server.port, "/metrics", **basic("lan", PASSWORD))
        assert (response.status, response.headers["Retry-After"]) == (429, "1")
        assert server.refused("logins_busy") == 1
