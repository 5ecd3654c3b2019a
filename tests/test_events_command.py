"""What ``netwatch events`` prints of sites and of flows, from one journal."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import pytest

from netwatch.commands import events
from netwatch.core.state import State
from netwatch.flows.transition import FlowChange, FlowState
from netwatch.journal.file import NAME
from netwatch.journal.flows import FlowChanged
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
    assert len(printed(settings, capsys, "--site", "other")) == 1
    (flow,) = json.loads("\n".join(printed(settings, capsys, "--flow", "no-rdp", "--json")))
    assert (flow["flow"], flow["state"], flow["ended"]) == ("no-rdp", "violated", None)
    assert flow["evidence"] == {"probe": "tcp:3389", "reason": "ok"}
