"""Planted secrets are used, and turn up in nothing that the daemon says, shows, keeps or leaves."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.running import INVENTORY, PATIENCE, Running
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

PLANTED = "planted-c4n4ry"

CREDENTIALS = "credentials: {lan: {version: 2c, community: lan-community}}\nclasses:\n"
SNMP = "    snmp: lan\n    down_after: 2\n"
CHECK = "      - {{probe: snmp, port: {}, interval: 1s, timeout: 500ms}}\n    down_after: 2\n"


@pytest.fixture
def agent() -> Iterator[socket.socket]:
    """Hears what an SNMP agent is sent, and says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.8.0.1", 0))
        listening.settimeout(PATIENCE)
        yield listening


class WithSecret(Running):
    """It has a community in a file, logs all that it can, and leaves a trace when it crashes."""

    def __init__(self, home: Path, port: int, agent: int) -> None:
        self.agent = agent
        self.secrets = home / "secrets"
        self.secrets.mkdir()
        (self.secrets / "lan-community").write_text(PLANTED, encoding="utf-8")
        (self.secrets / "lan-community").chmod(0o600)
        super().__init__(home, port)

    def start(self) -> None:
        self.environment |= {
            "NETWATCH_SECRETS_DIR": str(self.secrets),
            "NETWATCH_LOG_LEVEL": "debug",
            "PYTHONFAULTHANDLER": "1",
        }
        super().start()

    def write(self, text: str) -> None:
        check = CHECK.format(self.agent)
        text = text.replace("    down_after: 2\n", check).replace("    down_after: 2\n", SNMP)
        super().write(text.replace("classes:\n", CREDENTIALS))


def test_a_community_is_sent_to_its_device_and_shown_nowhere(
    tmp_path: Path, server: socket.socket, agent: socket.socket
) -> None:
    daemon = WithSecret(tmp_path, server.getsockname()[1], agent.getsockname()[1])
    daemon.wait_for("READY=1")
    assert PLANTED.encode() in agent.recv(4096)
    eventually(lambda: daemon.site()["state"] != "unknown")
    seen = [daemon.get(path) for path in ("/metrics", "/status.json", "/places.json", "/")]
    (daemon.inventory / "province.yaml").write_text(
        INVENTORY.replace("PORT", PLANTED[:3]), encoding="utf-8"
    )
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_for("READY=1")
    seen.append(Path(f"/proc/{daemon.process.pid}/cmdline").read_text(encoding="utf-8"))
    seen.append(Path(f"/proc/{daemon.process.pid}/environ").read_text(encoding="utf-8"))
    daemon.process.send_signal(signal.SIGABRT)
    _, said = daemon.process.communicate(timeout=PATIENCE)
    daemon.notified.close()
    assert "Fatal Python error: Aborted" in said
    assert "reload refused" in said
    kept = [file.read_bytes() for file in daemon.state.rglob("*") if file.is_file()]
    assert kept
    assert PLANTED not in said + "".join(seen)
    assert PLANTED.encode() not in b"".join(kept)
