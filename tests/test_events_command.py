"""What ``netwatch events`` prints of sites and of flows, from one journal."""

from __future__ import annotations

import argparse
import json
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from netwatch.commands import events
from netwatch.commands.event_groups import group_events
from netwatch.core.errors import ConfigError
from netwatch.core.state import State
from netwatch.flows.transition import FlowChange, FlowState
from netwatch.journal.file import NAME
from netwatch.journal.flows import FlowChanged
from netwatch.journal.reader import JournalEvent
from netwatch.journal.records import StateChanged
from netwatch.journal.writer import JournalWriter
from netwatch.settings import Settings
from netwatch.state.transition import StateChange
from tests.harness.waiting import eventually


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    now = time.time()
    down = StateChange(
        "nam-sach", "router", State.UP, State.DOWN, now - 60, now - 50, "link:x", "icmp"
    )
    evidence = {"probe": "tcp:3389", "reason": "ok"}
    before, state = FlowState.AS_EXPECTED, FlowState.VIOLATED
    opened = FlowChange("no-rdp", before, state, now - 30, now - 30, evidence)
    writer = JournalWriter(tmp_path / NAME, keep=86400.0)
    writer.put(StateChanged(down))
    writer.put(FlowChanged(opened))
    writer.start()
    eventually(lambda: writer.written == 2)
    writer.stop()
    return Settings(state_dir=tmp_path)


def printed(settings: Settings, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    parser = argparse.ArgumentParser()
    events.add_arguments(parser)
    assert events.execute(settings, parser.parse_args(arguments)) == 0
    return capsys.readouterr().out.splitlines()


def test_sites_and_flows_are_reported_in_the_order_of_their_begins(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    _, site, flow = printed(settings, capsys)
    assert "nam-sach/router" in site
    assert "mất kết nối / down" in site
    assert "no-rdp" in flow
    assert "bị vi phạm / violated" in flow
    assert flow.endswith("tcp:3389 ok")


def test_one_site_or_one_flow_is_reported_alone(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "nam-sach" in printed(settings, capsys, "--site", "nam-sach")[1]
    with pytest.raises(ConfigError, match="did you mean nam-sach"):
        printed(settings, capsys, "--site", "namsach")
    with pytest.raises(ConfigError, match="nothing is known"):
        printed(settings, capsys, "--flow", "other")
    (flow,) = json.loads("\n".join(printed(settings, capsys, "--flow", "no-rdp", "--json")))
    assert (flow["flow"], flow["state"], flow["ended"]) == ("no-rdp", "violated", None)
    assert flow["evidence"] == {"probe": "tcp:3389", "reason": "ok"}


def test_only_one_state_is_reported(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = printed(settings, capsys, "--state", "violated")[1:]
    assert "no-rdp" in row
    assert printed(settings, capsys, "--state", "unknown")[1:] == []
    with pytest.raises(ConfigError, match="did you mean down"):
        printed(settings, capsys, "--state", "dwn")


BEGAN = 1_790_000_000.0


def event(site: str, state: State, at: float, root: str = "", cause: str = "") -> JournalEvent:
    return JournalEvent(site, "", state, BEGAN + at, BEGAN + at + 60, root, cause, {})


def groups(*events_: JournalEvent) -> list[tuple[State, list[str]]]:
    found = group_events(events_)
    return [(group.worst.state, list(group.places)) for group in found]  # type: ignore[misc]


def test_what_one_cause_did_to_many_places_is_one_line() -> None:
    line = "link:nam-sach-uplink"
    assert groups(
        event("nam-sach", State.DOWN, 0, line),
        event("an-lam", State.UNREACHABLE, 3, line),
        event("gia-loc", State.DEGRADED, 4, cause="loss 0.0333"),
        event("an-binh", State.UNREACHABLE, 5, line),
        event("nam-sach", State.DOWN, 3600, line),
    ) == [
        (State.DOWN, ["nam-sach", "an-lam", "an-binh"]),
        (State.DEGRADED, ["gia-loc"]),
        (State.DOWN, ["nam-sach"]),
    ]


def test_a_time_in_which_nothing_was_seen_is_one_line() -> None:
    blind = [event(f"site-{number}", State.UNKNOWN, number / 100) for number in range(281)]
    ((state, places),) = groups(*blind)
    assert (state, len(places)) == (State.UNKNOWN, 281)


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        ("loss 0.0333", "mất gói / loss 3,3 %"),
        ("rtt 0.123", "trễ / round trip 123,0 ms"),
        ("jitter 0.0312", "jitter 31,2 ms"),
        ("icmp timeout", "icmp timeout"),
    ],
)
def test_figures_are_written_as_people_write_them(
    cause: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = time.time()
    writer = JournalWriter(tmp_path / NAME, keep=86400.0)
    degraded = State.UP, State.DEGRADED, now - 60, now - 50, "", cause
    writer.put(StateChanged(StateChange("nam-sach", "router", *degraded)))
    writer.start()
    eventually(lambda: writer.written == 1)
    writer.stop()
    (row,) = printed(Settings(state_dir=tmp_path), capsys)[1:]
    assert row.endswith(told)


def test_times_are_those_of_the_province_whatever_the_machine_says(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    head, row, _ = printed(settings, capsys)
    assert "(+07:00)" in head
    began = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")) - timedelta(seconds=60)
    assert row.startswith(began.strftime("%d/%m/%Y %H:"))
    monkeypatch.undo()
    time.tzset()
