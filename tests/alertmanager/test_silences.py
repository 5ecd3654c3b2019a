"""Silences that follow from who has taken on what, in a real Alertmanager."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.request import urlopen

import pytest

from netwatch.audit.who import logged_in
from netwatch.incidents import silencer as silencing
from netwatch.incidents.alertmanager import Alertmanager
from netwatch.incidents.desk import IncidentDesk
from netwatch.incidents.incident import Kind, What
from netwatch.incidents.links import IncidentLinks
from netwatch.incidents.matchers import matchers_of
from netwatch.incidents.paging import PageWatch
from netwatch.incidents.reader import read_story
from netwatch.incidents.silencer import Silencer
from netwatch.net.errors import NetworkError
from tests.harness import alertmanager
from tests.harness.incidents import Run, T, line, running
from tests.harness.ports import free_port
from tests.harness.requirements import require_tool
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

PAGE = "https://netwatch.example"

EVIL = {
    "id": "../../-/reload",
    "comment": "x [netwatch 0123456789ab]",
    "status": {"state": "active"},
    "endsAt": "2026-11-30T00:00:00Z",
    "matchers": [],
}
"""A silence whose id leads elsewhere."""


@dataclass
class Watch:
    """A daemon's incidents, and the Alertmanager that it keeps quiet."""

    run: Run
    listen: str

    @property
    def silencer(self) -> Silencer:
        """One that has just started."""
        manager = Alertmanager(f"http://{self.listen}")
        return Silencer(self.run.follower, manager, IncidentLinks(PAGE))

    async def take(self, incident_id: str) -> None:
        self.run.written()
        desk = IncidentDesk(self.run.follower)
        await desk.write(incident_id, logged_in("lan"), "đã gọi VNPT", acknowledges=True)

    def active(self) -> list[dict[str, Any]]:
        with urlopen(f"http://{self.listen}/api/v2/silences", timeout=30) as answer:
            found = json.load(answer)
        return [each for each in found if each["status"]["state"] != "expired"]


@pytest.fixture(scope="module")
def listen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("alertmanager") / "home"
    with alertmanager.running(home, "127.0.0.1:9") as listen:
        yield listen


@pytest.fixture
def watch(tmp_path: Path, listen: str) -> Iterator[Watch]:
    with running(tmp_path) as run:
        watch = Watch(run, listen)
        yield watch
        run.follower.open.clear()
        asyncio.run(watch.silencer.compare())
        assert watch.active() == []


async def test_what_is_taken_on_is_silent_until_it_ends(watch: Watch) -> None:
    silencer = watch.silencer
    incident = watch.run.at(T + 8, line(T, "nam-sach"))
    await silencer.compare()
    assert watch.active() == []
    await watch.take(incident.id)
    await silencer.compare()
    (silence,) = watch.active()
    assert (silence["createdBy"], silence["status"]["state"]) == ("lan", "active")
    (matcher,) = silence["matchers"]
    assert (matcher["name"], matcher["value"]) == ("cause", "link:nam-sach-uplink")
    assert "đã gọi VNPT" in silence["comment"]
    assert f"{PAGE}/#/incident/{incident.id}" in silence["comment"]
    await silencer.compare()
    assert len(watch.active()) == 1
    watch.run.at(T + 60)
    await silencer.compare()
    assert watch.active() == []


async def test_what_comes_back_is_heard_again(watch: Watch) -> None:
    incident = watch.run.at(T + 8, line(T, "nam-sach"))
    await watch.take(incident.id)
    await watch.silencer.compare()
    watch.run.at(T + 60)
    watch.run.at(T + 90, line(T + 80, "nam-sach"))
    await watch.silencer.compare()
    assert watch.active() == []


async def test_a_silence_that_a_former_run_left_is_found_lengthened_and_ended(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = watch.run.at(T + 8, line(T, "nam-sach"))
    await watch.take(incident.id)
    with monkeypatch.context() as short:
        short.setattr(silencing, "SILENCE_DURATION", 600.0)
        await watch.silencer.compare()
    (before,) = watch.active()
    await watch.silencer.compare()
    (after,) = watch.active()
    assert after["endsAt"] > before["endsAt"]
    watch.run.at(T + 60)
    await watch.silencer.compare()
    assert watch.active() == []


async def test_another_cause_of_the_same_incident_is_silent_instead(watch: Watch) -> None:
    incident = watch.run.at(T + 8, line(T, "nam-sach"))
    await watch.take(incident.id)
    await watch.silencer.compare()
    watch.run.at(T + 20, line(T, "nam-sach", kind=Kind.DEVICE, cause="target:nam-sach/router"))
    await watch.silencer.compare()
    (silence,) = watch.active()
    assert silence["matchers"][0]["value"] == "target:nam-sach/router"


def test_silences_of_others_stay(watch: Watch) -> None:
    amtool = [require_tool("amtool"), f"--alertmanager.url=http://{watch.listen}", "silence"]
    made = subprocess.run(
        [*amtool, "add", "--comment=x", "--duration=1h", "alertname=A"],
        check=True,
        capture_output=True,
        text=True,
    )
    asyncio.run(watch.silencer.compare())
    assert [each["id"] for each in watch.active()] == [made.stdout.strip()]
    subprocess.run([*amtool, "expire", made.stdout.strip()], check=True)


def test_it_is_noted_once_who_is_told(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netwatch.incidents.paging.time", SimpleNamespace(time=lambda: T + 30))
    pages = PageWatch(watch.run.follower, Alertmanager(f"http://{watch.listen}"))
    incident = watch.run.at(T + 8, line(T, "nam-sach"))
    labels = ["alertname=NetwatchLinkDown", "severity=critical"]

    def add(cause: str) -> None:
        command = [require_tool("amtool"), f"--alertmanager.url=http://{watch.listen}", "alert"]
        subprocess.run([*command, "add", *labels, f"cause={cause}"], check=True)

    def told() -> list[str]:
        asyncio.run(pages.look())
        return [each.text["en"] for each in incident.timeline if each.what is What.PAGED]

    add("link:another")
    assert told() == []
    add(incident.cause)
    assert eventually(told) == ["Alertmanager tells on-watch"]
    assert len(told()) == 1
    watch.run.written()
    story = read_story(watch.run.path, incident.id)
    assert story is not None
    assert story.timeline[-1].what is What.PAGED


@pytest.mark.parametrize(
    ("kind", "cause", "labels"),
    [
        (Kind.VIOLATED, "flow:f-1", {"flow": "f-1"}),
        (Kind.BROKEN, "flow:f-1", {"flow": "f-1"}),
        (Kind.MEETING, "meeting:giao-ban@2026-11-23T08:00", {"meeting": "giao-ban"}),
        (Kind.VANTAGE, "vantage:party", {"vantage": "party"}),
        (
            Kind.CERTIFICATE,
            "certificate:nam-sach/web/tls:443",
            {"site": "nam-sach", "target": "web", "probe": "tls:443"},
        ),
        (Kind.COLLECTOR, "collector:state-dc", {}),
        (Kind.POWER, "target:nam-sach/router", {"cause": "target:nam-sach/router"}),
    ],
)
async def test_each_kind_silences_its_own_alerts_only(
    watch: Watch, kind: Kind, cause: str, labels: dict[str, str]
) -> None:
    incident = watch.run.at(T + 8, line(T, kind=kind, cause=cause))
    matchers = {name: value for name, value, _ in matchers_of(incident)}
    assert {name: value for name, value in matchers.items() if name != "alertname"} == labels
    assert ("alertname" in matchers) is (kind is not Kind.POWER)
    await watch.take(incident.id)
    await watch.silencer.compare()
    assert len(watch.active()) == 1


async def test_one_that_does_not_answer_is_told_once_and_tried_again(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    incident = watch.run.at(T + 8, line(T, "nam-sach"))
    await watch.take(incident.id)
    manager = Alertmanager(f"http://127.0.0.1:{free_port()}")
    gone = Silencer(watch.run.follower, manager, IncidentLinks())
    with caplog.at_level(logging.WARNING):
        await gone.compare()
        await gone.compare()
    assert caplog.text.count("takes no silences: refused") == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[[[",
        b"[" * 100_000,
        b'[1, null, {"comment": 3}, {"comment": "[netwatch 0123456789ab]", "status": []}]',
        json.dumps([EVIL]).encode(),
        b"[" + b" " * (2 << 20) + b"]",
    ],
    ids=lambda body: repr(body[:30]),
)
async def test_what_a_stranger_answers_changes_nothing(body: bytes, watch: Watch) -> None:
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        writer.write(head + body)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        manager = Alertmanager(f"http://127.0.0.1:{port}")
        await Silencer(watch.run.follower, manager, IncidentLinks()).compare()
        with suppress(NetworkError):
            assert [each for each in await manager.alerts() if each.receivers] == []
    assert [line_.split()[0] for line_ in asked] == [b"GET"] * 2
