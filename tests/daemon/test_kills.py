"""What a daemon that was killed knows when it runs again."""

from __future__ import annotations

import signal
import socket

import pytest

from tests.daemon.running import INVENTORY, Running
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow


def test_a_killed_daemon_goes_on_where_it_was(running: Running, server: socket.socket) -> None:
    eventually(lambda: running.site()["state"] == "up")
    port = server.getsockname()[1]
    server.close()
    eventually(lambda: running.site()["state"] == "down")
    since = running.site()["since"]
    eventually(lambda: len(running.events()) == 2)  # the site, and its one target
    # What was measured longer ago than three intervals would be unknown.
    running.measure_every("10s")
    running.kill()
    running.start()
    running.wait_for("READY=1")
    # The first page says what the last one said.
    assert running.metric('netwatch_site_state{site="nam-sach"}') == 4.0
    cause = 'netwatch_cause_state{cause="target:nam-sach/server"}'
    assert running.metric(cause) == 4.0
    with socket.create_server(("127.8.0.1", port), backlog=512):
        eventually(lambda: running.site()["state"] == "up", patience=90)
        eventually(lambda: all(event["ended"] for event in running.events()))
    events = running.events("--site", "nam-sach")
    assert [(event["target"], event["state"]) for event in events] == [
        ("server", "down"),
        (None, "down"),
    ]
    assert {event["began"] for event in events} == {since}
    assert running.metric("netwatch_journal_write_errors_total") == 0.0


FLOW = """
flows:
  documents:
    name_vi: Gửi văn bản
    from: state-dc
    to: nam-sach/server
    check: {probe: tcp, port: PORT, interval: 3s, timeout: 1s}
    expect: pass
"""


def test_a_flow_is_in_the_journal_and_goes_on_after_a_kill(
    running: Running, server: socket.socket
) -> None:
    port = server.getsockname()[1]
    running.write((INVENTORY + FLOW).replace("PORT", str(port)))
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("READY=1")
    ends = 'from="state-dc",to="nam-sach/server"'
    name = f'netwatch_flow_as_expected{{expect="pass",flow="documents",{ends}}}'
    eventually(lambda: running.metric(name) == 1.0)
    assert running.events("--flow", "documents") == []
    server.close()
    eventually(lambda: running.metric(name) == 0.0)
    eventually(lambda: len(running.events("--flow", "documents")) == 1)
    running.kill()
    running.start()
    running.wait_for("READY=1")
    with socket.create_server(("127.8.0.1", port), backlog=512):
        eventually(lambda: running.metric(name) == 1.0)
        eventually(lambda: running.events("--flow", "documents")[0]["ended"] is not None)
    event = running.events("--flow", "documents")[0]
    assert (event["flow"], event["state"]) == ("documents", "broken")
    assert event["evidence"]["probe"] == f"tcp:{port}"
    assert "flow" not in str(running.events("--site", "nam-sach"))
