"""Planted secrets are used, and turn up in nothing that the daemon says, shows, keeps or leaves."""

from __future__ import annotations

import base64
import signal
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.running import PATIENCE, Running, started
from tests.daemon.secret_keepers import WebServer, web_server
from tests.harness import snmpd
from tests.harness.certificates import make
from tests.harness.ports import free_udp_port
from tests.harness.served import HASH, PASSWORD, TLS, USERS
from tests.harness.servers import Authority
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

NAME = "lich.example.vn"
AUTH, PRIV = "auth-password", "priv-password"
"""Of the users of the agent."""

PLANTED = {
    "community": "planted-community",
    "auth": AUTH,
    "priv": PRIV,
    "codec": "planted-codec-password",
    "calendar": "planted-calendar-token",
}
GUESS = "planted-wrong-password"

INVENTORY = """
province: {name_vi: Hải Dương, name: Hai Duong}
ranges: [127.0.0.0/8]
tiers: {district: {name_vi: Huyện, name: District, rank: 0}}
networks: {state: {name_vi: Mạng Nhà nước, name: State network}}
vantages: {state-dc: {site: nam-sach, name_vi: Trung tâm dữ liệu}}
credentials:
  lan: {version: 2c, community: community}
  core: {version: 3, user: sha256aes128, auth_key: auth, priv_key: priv}
logins:
  codec: {user: admin, secret: codec}
  calendar: {secret: calendar}
classes:
  switch:
    match: {roles: [switch]}
    checks: [{probe: snmp, port: SWITCH, interval: 1s, timeout: 500ms}]
    snmp: lan
  router:
    match: {roles: [router]}
    checks: [{probe: snmp, port: ROUTER, interval: 2s, timeout: 2s}]
    snmp: core
  codec:
    match: {roles: [codec]}
    checks:
      - {probe: api, adapter: cisco-xapi, port: WEB, login: codec, name: NAME, ca: CA, interval: 5s}
sites:
  nam-sach:
    tier: district
    name_vi: Huyện Nam Sách
    targets: {switch: 127.8.0.1, router: 127.0.0.1, codec: 127.8.0.3}
calendars:
  briefing:
    name_vi: Giao ban
    url: https://NAME:WEB/lich.ics
    address: 127.8.0.3
    login: calendar
    ca: CA
    level: province-district
    participants: {tiers: [district]}
    mcu: nam-sach/codec
"""


class WithSecrets(Running):
    """It logs in everywhere, logs all that it can, and leaves a trace when it crashes."""

    def __init__(self, home: Path, agent: int, router: int, web: WebServer) -> None:
        self.tls = make(home / "tls", "127.0.0.1")
        self.secrets = home / "secrets"
        self.secrets.mkdir()
        for name, secret in PLANTED.items():
            (self.secrets / name).write_text(secret, encoding="utf-8")
            (self.secrets / name).chmod(0o600)
        (self.tls / "web.yml").write_text(TLS + USERS, encoding="utf-8")
        words = {"SWITCH": agent, "ROUTER": router, "WEB": web.port}
        self.text = INVENTORY.replace("NAME", NAME).replace("CA", str(home / "ca.pem"))
        for word, value in words.items():
            self.text = self.text.replace(word, str(value))
        super().__init__(home, 0)

    def start(self) -> None:
        self.environment |= {
            "NETWATCH_SECRETS_DIR": str(self.secrets),
            "NETWATCH_WEB_CONFIG": str(self.tls / "web.yml"),
            "NETWATCH_LOG_LEVEL": "debug",
            "PYTHONFAULTHANDLER": "1",
        }
        self.log = (self.tls.parent / "log").open("w", encoding="utf-8")
        self.process = subprocess.Popen(
            ["/usr/bin/prlimit", "--core=unlimited", sys.executable, "-m", "netwatch", "run"],
            cwd=self.tls.parent,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            text=True,
        )
        started.append(self.process)

    def write(self, text: str) -> None:
        super().write(self.text)

    def get(self, path: str, password: str = PASSWORD) -> str:
        login = base64.b64encode(f"lan:{password}".encode()).decode()
        request = urllib.request.Request(
            f"https://127.0.0.1:{self.port}{path}", headers={"Authorization": f"Basic {login}"}
        )
        trust = ssl.create_default_context(cafile=str(self.tls / "ca.crt"))
        with urllib.request.urlopen(request, timeout=PATIENCE, context=trust) as answer:
            return str(answer.read().decode())

    def said(self) -> str:
        return (self.tls.parent / "log").read_text(encoding="utf-8")

    def of_process(self, name: str) -> str:
        return Path(f"/proc/{self.process.pid}/{name}").read_text(encoding="utf-8")

    def hidden(self) -> list[str]:
        """All that must not be read anywhere: secrets, how they are sent, a key's text."""
        key = (self.tls / "gate.key").read_text(encoding="utf-8").splitlines()[1]
        passwords = [PASSWORD, GUESS, PLANTED["codec"]]
        users = ["lan", "lan", "admin"]
        logins = [f"{u}:{p}".encode() for u, p in zip(users, passwords, strict=True)]
        sent = [base64.b64encode(login).decode() for login in logins]
        return [*PLANTED.values(), *passwords, *sent, HASH, HASH[7:], key]


@pytest.fixture
def agent() -> Iterator[socket.socket]:
    """Hears what an SNMP agent is sent, and says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.8.0.1", 0))
        listening.settimeout(PATIENCE)
        yield listening


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebServer]:
    with web_server("127.8.0.3", Authority(tmp_path).context([NAME])) as server:
        yield server


@pytest.fixture
def daemon(tmp_path: Path, agent: socket.socket, web: WebServer) -> Iterator[WithSecrets]:
    folder = tmp_path / "snmpd"
    folder.mkdir()
    with snmpd.running(folder, free_udp_port()) as router:
        running = WithSecrets(tmp_path, agent.getsockname()[1], router.port, web)
        running.wait_for("READY=1")
        yield running
        running.notified.close()
        running.log.close()


def test_secrets_are_used_and_turn_up_nowhere(
    daemon: WithSecrets, agent: socket.socket, web: WebServer
) -> None:
    assert PLANTED["community"].encode() in agent.recv(4096)
    eventually(lambda: 'sysName="router-1"' in daemon.get("/metrics"))  # by SNMP v3
    bearer, basic = f"Bearer {PLANTED['calendar']}", "Authorization: Basic "
    eventually(lambda: any(bearer in head for head in web.heads))
    eventually(lambda: any(basic in head for head in web.heads))
    with pytest.raises(urllib.error.HTTPError, match="401"):
        daemon.get("/metrics", GUESS)
    seen = [daemon.get(path) for path in ("/metrics", "/status.json", "/places.json", "/")]
    (daemon.inventory / "province.yaml").write_text(
        daemon.text.replace("127.8.0.3", "nowhere"), encoding="utf-8"
    )
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_for("READY=1")
    seen += [daemon.of_process("cmdline"), daemon.of_process("environ")]
    assert "Max core file size        0                    0" in daemon.of_process("limits")
    eventually(lambda: "reload refused" in daemon.said())
    daemon.process.send_signal(signal.SIGABRT)
    daemon.process.wait(PATIENCE)
    seen.append(daemon.said())
    assert "Fatal Python error: Aborted" in seen[-1]
    kept = [file.read_bytes() for file in daemon.state.rglob("*") if file.is_file()]
    assert kept
    assert not list(daemon.tls.parent.glob("core*")), "it would have all of them"
    for secret in daemon.hidden():
        assert secret not in "".join(seen), secret
        assert secret.encode() not in b"".join(kept), secret
