"""What happened, over HTTP: read by who may look, written by who may act, and by nobody else."""

from __future__ import annotations

import asyncio
import base64
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession

from netwatch.audit.who import logged_in
from netwatch.incidents import notes
from netwatch.incidents.desk import IncidentDesk
from netwatch.incidents.incident import MAX_NOTES
from netwatch.incidents.notes import MAX_NOTE, Word, write_note
from netwatch.incidents.reader import read_story
from netwatch.web import acting
from netwatch.web.tokens import MAX_TOKENS, OneTimeTokens
from tests.harness.incidents import Run, T, line, running
from tests.harness.served import HASH, PASSWORD, Served, served
from tests.harness.status_source import FakeSource

LOGINS = f"basic_auth_users:\n  lan: {HASH}\n  minh: {HASH}\n  khach: {HASH}\n"

Answer = tuple[int, Any]


@dataclass
class Desk:
    """A server whose desk has a journal, and who asks it."""

    run: Run
    server: Served
    session: ClientSession
    user: str = "lan"

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def get(self, path: str, user: str | None = None) -> Answer:
        async with self.session.get(self.origin + path, headers=_login(user or self.user)) as got:
            text = await got.text()
            return got.status, json.loads(text) if got.content_type.endswith("json") else text

    async def token(self, user: str | None = None) -> str:
        token: str = (await self.get("/session.json", user))[1]["token"]
        return token

    async def post(self, path: str, content: object, user: str = "lan", **headers: str) -> Answer:
        """Post as our page does; a header of ``headers`` replaces or, empty, takes one away."""
        given = {
            **_login(user),
            "Origin": self.origin,
            "X-Netwatch-Token": headers.pop("token", None) or await self.token(user) or "",
            "Content-Type": "application/json",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        sent = {name: value for name, value in given.items() if value}
        async with self.session.post(self.origin + path, data=body, headers=sent) as got:
            return got.status, await got.json()


def _login(user: str) -> dict[str, str]:
    pair = base64.b64encode(f"{user}:{PASSWORD}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


@asynccontextmanager
async def opened(directory: Path) -> AsyncIterator[Desk]:
    with running(directory) as run:
        source = FakeSource(desk=IncidentDesk(run.follower))
        settings = {"web_act_users": "lan, minh"}
        async with (
            served(directory, LOGINS, source, **settings) as server,
            ClientSession() as session,
        ):
            yield Desk(run, server, session)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as desk:
        yield desk


@pytest.fixture
def cut(desk: Desk) -> str:
    """Id of an incident that goes on."""
    incident = desk.run.at(T + 8, line(T, "nam-sach", "an-lam"))
    desk.run.written()
    return incident.id


async def test_what_goes_on_and_what_ended_is_listed(desk: Desk, cut: str) -> None:
    _, found = await desk.get("/incidents.json?since=0")
    (shown,) = found["open"]
    assert (shown["id"], shown["state"], shown["sites"]) == (cut, "open", 2)
    assert (shown["carrier"], shown["contract"]) == ("VNPT", "HD-1")
    desk.run.at(T + 20)
    desk.run.written()
    _, found = await desk.get("/incidents.json?since=0&site=an-lam&carrier=VNPT")
    assert found["open"] == []
    (shown,) = found["ended"]
    assert (shown["id"], shown["state"], shown["seconds"]) == (cut, "ended", 20.0)
    for query in ("since=2000000000", "since=0&site=x", "since=0&carrier=x"):
        assert (await desk.get(f"/incidents.json?{query}"))[1]["ended"] == []


@pytest.mark.parametrize(
    "query", ["days=x", "since=-1", "days=nan", "since=1e999", "site=" + "x" * 300]
)
async def test_a_malformed_query_is_refused(desk: Desk, query: str) -> None:
    assert (await desk.get(f"/incidents.json?{query}"))[0] == 400


async def test_what_goes_on_is_shown_though_the_journal_cannot_be_read(
    desk: Desk, cut: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("netwatch.incidents.desk.read_ended", broken)
    status, found = await desk.get("/incidents.json")
    assert (status, found["unreadable"]) == (200, True)
    assert [each["id"] for each in found["open"]] == [cut]


async def test_a_story_has_a_timeline_and_the_sites_behind(desk: Desk, cut: str) -> None:
    status, story = await desk.get(f"/incidents/{cut}.json")
    assert status == 200
    assert [each["what"] for each in story["timeline"]] == ["loss", "confirmed", "site-down"]
    assert {each["id"] for each in story["behind"]} == {"nam-sach", "an-lam"}
    assert (await desk.get("/incidents/none.json"))[0] == 404
    desk.run.at(T + 20)
    desk.run.written()
    desk.run.follower.ended.clear()
    _, kept = await desk.get(f"/incidents/{cut}.json")
    assert [each["what"] for each in kept["timeline"]][-1] == "back"
    assert {each["seconds"] for each in kept["behind"]} == {20.0}


async def test_who_takes_it_on_is_kept_shown_and_taken_down(desk: Desk, cut: str) -> None:
    status, story = await desk.post(f"/incidents/{cut}/acknowledge", {"note": "đã gọi VNPT"})
    assert status == 200
    assert (story["acknowledged"]["by"], story["acknowledged"]["note"]) == ("lan", "đã gọi VNPT")
    (entry,) = [each for each in story["timeline"] if each["by"]]
    assert (entry["what"], entry["by"]) == ("acknowledged", "lan")
    (shown,) = (await desk.get("/incidents.json"))[1]["open"]
    assert (shown["acknowledged"]["by"], shown["notes"]) == ("lan", 1)
    with closing(sqlite3.connect(desk.run.path)) as journal:
        (taken_down,) = journal.execute("SELECT who, known_by, what, subject FROM audit").fetchall()
    assert taken_down == ("lan", "login", "acknowledged", f"incident:{cut}")


async def test_two_people_at_once_are_both_kept_and_the_first_one_stays(
    desk: Desk, cut: str
) -> None:
    path = f"/incidents/{cut}/acknowledge"
    answers = await asyncio.gather(
        desk.post(path, {"note": "tôi"}, "lan"), desk.post(path, {"note": "tôi nữa"}, "minh")
    )
    assert [status for status, _ in answers] == [200, 200]
    story = read_story(desk.run.path, cut)
    assert story is not None
    written = [each for each in story.timeline if each.by]
    assert {each.by for each in written} == {"lan", "minh"}
    assert sorted(str(each.what) for each in written) == ["acknowledged", "note"]
    assert story.acknowledged is not None
    assert story.acknowledged.by == next(each.by for each in written if each.what == "acknowledged")


async def test_what_ended_is_not_taken_on_any_more_but_noted(desk: Desk, cut: str) -> None:
    desk.run.at(T + 20)
    desk.run.written()
    status, refused = await desk.post(f"/incidents/{cut}/acknowledge", {"note": ""})
    assert (status, "ended" in refused["error"]["en"]) == (409, True)
    status, story = await desk.post(f"/incidents/{cut}/note", {"note": "do thi công"})
    assert (status, story["notes"], story["acknowledged"]) == (200, 1, None)
    assert (await desk.post("/incidents/none/note", {"note": "x"}))[0] == 404


async def test_a_suspicion_is_not_taken_on_yet(desk: Desk) -> None:
    incident = desk.run.at(T + 3, line(T, is_certain=False))
    status, refused = await desk.post(f"/incidents/{incident.id}/acknowledge", {"note": ""})
    assert (status, "not certain" in refused["error"]["en"]) == (409, True)


async def test_what_has_just_begun_is_taken_on_as_soon_as_it_is_written(desk: Desk) -> None:
    desk.run.at(T + 1)
    incident = desk.run.at(T + 8, line(T, "nam-sach"))
    status, _ = await desk.post(f"/incidents/{incident.id}/acknowledge", {"note": ""})
    assert status == 200


async def test_what_comes_back_is_taken_on_by_nobody(desk: Desk, cut: str) -> None:
    await desk.post(f"/incidents/{cut}/acknowledge", {"note": "của tôi"})
    desk.run.at(T + 20)
    desk.run.at(T + 40, line(T + 30, "nam-sach"))
    desk.run.written()
    (shown,) = (await desk.get("/incidents.json"))[1]["open"]
    assert (shown["id"], shown["flaps"], shown["acknowledged"]) == (cut, 1, None)


async def test_what_ended_is_shown_before_and_after_it_is_in_the_journal(
    desk: Desk, cut: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as stuck:
        stuck.setattr(desk.run.writer, "put", lambda _record: None)
        desk.run.at(T + 20)
    for _ in range(2):
        _, found = await desk.get("/incidents.json?since=0")
        assert [each["id"] for each in found["open"]] == []
        assert [each["id"] for each in found["ended"]] == [cut]
        assert (await desk.get("/incidents.json?since=0&carrier=FPT"))[1]["ended"] == []
        _, story = await desk.get(f"/incidents/{cut}.json")
        assert (story["id"], story["state"]) == (cut, "ended")
        incident = desk.run.follower.ended[cut]
        incident.is_changed = True
        desk.run.follower._store.save(incident, incident.behind.values())
        desk.run.written()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"user": "khach"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"token": "forged"}, 403),
        ({"token": "giả"}, 403),
        ({"Content_Type": "text/plain"}, 400),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 400),
    ],
    ids=str,
)
async def test_a_forged_request_changes_nothing(
    desk: Desk, cut: str, change: dict[str, str], status: int
) -> None:
    if change.get("token", "").isascii():
        found, answer = await desk.post(f"/incidents/{cut}/acknowledge", {"note": "x"}, **change)
        assert (found, set(answer["error"])) == (status, {"vi", "en"})
    else:
        assert not OneTimeTokens().take("lan", change["token"])
    assert (await desk.get("/incidents.json"))[1]["open"][0]["acknowledged"] is None


async def test_a_request_that_is_sent_once_more_changes_nothing(desk: Desk, cut: str) -> None:
    token = await desk.token()
    path = f"/incidents/{cut}/note"
    assert (await desk.post(path, {"note": "x"}, token=token))[0] == 200
    assert (await desk.post(path, {"note": "x"}, token=token))[0] == 403
    assert (await desk.get("/incidents.json"))[1]["open"][0]["notes"] == 1
    assert desk.server.refused("token") == 1


async def test_a_token_is_for_its_user_only(desk: Desk, cut: str) -> None:
    token = await desk.token("minh")
    assert (await desk.post(f"/incidents/{cut}/note", {"note": "x"}, "lan", token=token))[0] == 403
    assert (await desk.get("/session.json", "khach"))[1] == {
        "user": "khach",
        "may_act": False,
        "token": None,
    }


def test_tokens_that_nobody_uses_are_bounded() -> None:
    tokens = OneTimeTokens()
    given = [tokens.give("lan") for _ in range(MAX_TOKENS + 1)]
    assert not tokens.take("lan", given[0])
    assert tokens.take("lan", given[1])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"[" * 5000,
        b'{"note": 1}',
        b'{"note": "x", "more": "y"}',
        b'{"text": "x"}',
        b"\xff\xfe",
    ],
    ids=lambda body: repr(body[:20]),
)
async def test_a_body_that_is_something_else_is_refused(desk: Desk, cut: str, body: bytes) -> None:
    status, answer = await desk.post(f"/incidents/{cut}/note", body)
    assert status == 400
    assert set(answer["error"]) == {"vi", "en"}


async def test_what_is_much_too_long_is_refused(desk: Desk, cut: str) -> None:
    path = f"/incidents/{cut}/note"
    with suppress(ClientError):  # it may be cut off before it has read the answer
        assert (await desk.post(path, {"note": "x" * (1 << 19)}))[0] == 413
    assert (await desk.post(path, {"note": "x" * acting.MAX_BODY}))[0] == 413
    status, _ = await desk.post(f"/incidents/{cut}/note", {"note": "x" * (MAX_NOTE + 1)})
    assert status == 413
    story = read_story(desk.run.path, cut)
    assert story is not None
    assert story.notes == 0


async def test_markup_is_text_and_controls_are_taken_out(desk: Desk, cut: str) -> None:
    note = "<b>a</b>\x1b[31m\x00\u202eđỏ\r\n\tb"
    _, story = await desk.post(f"/incidents/{cut}/note", {"note": note})
    assert story["timeline"][-1]["text"]["vi"] == "<b>a</b>[31mđỏ\n b"


async def test_an_empty_note_is_refused_and_an_empty_acknowledgement_is_not(
    desk: Desk, cut: str
) -> None:
    assert (await desk.post(f"/incidents/{cut}/note", {"note": " \x00 "}))[0] == 400
    assert (await desk.post(f"/incidents/{cut}/acknowledge", {"note": ""}))[0] == 200


async def test_one_user_may_not_change_too_much_and_others_still_may(desk: Desk, cut: str) -> None:
    statuses = [
        (await desk.post(f"/incidents/{cut}/note", {"note": "x"}))[0]
        for _ in range(acting.RATE.burst + 5)
    ]
    assert statuses[: acting.RATE.burst] == [200] * acting.RATE.burst
    assert 429 in statuses
    assert (await desk.post(f"/incidents/{cut}/note", {"note": "x"}, "minh"))[0] == 200


async def test_a_full_disk_is_told_and_nothing_is_half_written(
    desk: Desk, cut: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(notes, "append", full)  # the last step of all
        status, answer = await desk.post(f"/incidents/{cut}/acknowledge", {"note": "của tôi"})
    assert (status, "nothing was kept" in answer["error"]["en"]) == (503, True)
    (shown,) = (await desk.get("/incidents.json"))[1]["open"]
    assert (shown["acknowledged"], shown["notes"]) == (None, 0)
    story = read_story(desk.run.path, cut)
    assert story is not None
    assert not [each for each in story.timeline if each.by]
    assert (await desk.post(f"/incidents/{cut}/acknowledge", {"note": "của tôi"}))[0] == 200


def test_notes_of_one_incident_are_bounded(tmp_path: Path) -> None:
    with running(tmp_path) as run:
        incident = run.at(T + 8, line(T, "nam-sach"))
        run.written()
        word = Word(logged_in("lan"), "x", acknowledges=False)
        for _ in range(MAX_NOTES):
            write_note(run.path, incident.id, word)
        with pytest.raises(notes.NoteRefusedError) as refused:
            write_note(run.path, incident.id, word)
    assert refused.value.status == 409
