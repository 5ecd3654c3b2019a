"""Under the unit's own sandbox every probe works, and what it has to forbid is forbidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import getsource

import pytest

from netwatch.probes import kinds
from tests.harness.requirements import require_root, require_tool
from tests.system import forbidden, peers
from tests.system.debian import make_bundle, root_filesystem
from tests.system.documentation import BUNDLE, follow
from tests.system.forbidden import INSIDE, OUTSIDE
from tests.system.machine import Machine, boot, wait_until

pytestmark = pytest.mark.slow

COMMUNITY = "snmp-wan-community-0123456789"
SECRETS = ("snmp-wan-community", "snmp-lan-community", "snmp-core-auth", "snmp-core-priv")

PROBES = {
    "icmp": "{probe: icmp, CLOCK}",
    "tcp": "{probe: tcp, port: 80, CLOCK}",
    "tls": "{probe: tls, ca: /etc/netwatch/peers/authority.pem, CLOCK}",
    "http": "{probe: http, scheme: https, ca: /etc/netwatch/peers/authority.pem, CLOCK}",
    "smtp": "{probe: smtp, CLOCK}",
    "dns": "{probe: dns, name: peer.example.vn, CLOCK}",
    "sip": "{probe: sip, CLOCK}",
    "h323": "{probe: h323, service: gatekeeper, CLOCK}",
    "stun": "{probe: stun, CLOCK}",
    "stamp": "{probe: stamp, interval: 10s, timeout: 5s}",
    "snmp": "{probe: snmp, CLOCK}",
}
AS_OTHERS = {"api", "rtsp", "remote-ping"}
"""Kinds whose sockets are those of ``http``, ``tcp`` and ``snmp``."""

CLOCK = "interval: 2s, timeout: 1500ms"

INVENTORY = """
tiers: {{sandbox: {{name_vi: Thử, name: Test, rank: 9}}}}
classes:
  peer:
    match: {{roles: [peer], tiers: [sandbox]}}
    snmp: wan
    checks:
{checks}
sites:
  sandbox: {{tier: sandbox, name_vi: Điểm thử, targets: {{peer: {{role: peer, address: {peer}}}}}}}
"""

SUCCESSES = re.compile(
    r'^netwatch_probe_results_total{outcome="success",probe="([\w-]+).*",site="sandbox",'
    r'target="peer"} (\S+)$',
    re.MULTILINE,
)
TRAP = """
import socket
from netwatch.lab import ber
uptime, trap = (1, 3, 6, 1, 2, 1, 1, 3, 0), (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)
def bind(name, value): return ber.tlv(48, ber.oid(name) + value)
bound = bind(uptime, ber.tlv(67, b"\\x01")) + bind(trap, ber.oid((1, 3, 6, 1, 6, 3, 1, 1, 5, 3)))
pdu = ber.tlv(0xA7, ber.integer(1) + ber.integer(0) + ber.integer(0) + ber.tlv(48, bound))
message = ber.tlv(48, ber.integer(1) + ber.octets(COMMUNITY) + pdu)
sock = socket.socket(type=socket.SOCK_DGRAM)
sock.bind((PEER, 0))
sock.sendto(message, ("127.0.0.1", 162))
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine with the service as documented, port 162, and a peer that answers all probes."""
    require_root()
    require_tool("systemd-nspawn")
    directory = tmp_path_factory.mktemp("sandbox")
    make_bundle(directory / "bundle")
    with boot(root_filesystem(), {directory / "bundle": BUNDLE}, directory / "console") as booted:
        booted.run(f"ip route add local 10.16.0.0/12 dev lo; ip address add {OUTSIDE} dev lo")
        for section in ("Program", "Unit, user and ICMP", "Configuration"):
            follow(booted, "install.md", section)
        for name in SECRETS:
            booted.run(f"umask 077; echo {COMMUNITY} > /etc/netwatch/secrets/{name}")
        put(booted, "/root/peers.py", getsource(peers))
        put(booted, "/srv/forbidden.py", getsource(forbidden))
        peer = f"/opt/netwatch/bin/python /root/peers.py {INSIDE} {COMMUNITY}"
        booted.run(f"systemd-run --unit=peers {peer}")
        booted.run(f"systemd-run --unit=outside python3 -m http.server --bind {OUTSIDE} 80")
        wait_until(lambda: "443" in booted.run("ss -ltn"), "peers")
        checks = "\n".join(f"      - {each}" for each in PROBES.values()).replace("CLOCK", CLOCK)
        text = INVENTORY.format(checks=checks, peer=INSIDE)
        put(booted, "/etc/netwatch/inventory/sandbox.yaml", text)
        booted.run("chown -R root:netwatch /etc/netwatch/inventory; chmod 755 /etc/netwatch/peers")
        booted.run(f"cp {BUNDLE}/systemd/netwatch-traps.socket /etc/systemd/system/")
        booted.run("systemctl daemon-reload; systemctl enable --now netwatch-traps.socket")
        follow(booted, "install.md", "Check and start")
        yield booted


def put(machine: Machine, path: str, text: str) -> None:
    """Write a file that all may read."""
    machine.run(f"umask 022; cat > {path} <<'END_OF_FILE'\n{text}\nEND_OF_FILE")


def page(machine: Machine, name: str = "metrics") -> str:
    return machine.run(f"curl --silent --fail http://127.0.0.1:10880/{name}", check=False)


def measured(machine: Machine) -> set[str]:
    """The kinds of probe that have had a success."""
    return {probe for probe, count in SUCCESSES.findall(page(machine)) if float(count) > 0}


def test_every_kind_of_probe_is_tried() -> None:
    assert PROBES.keys() | AS_OTHERS == kinds().keys()


def test_every_probe_works_also_after_a_reload(machine: Machine) -> None:
    wait_until(lambda: measured(machine) >= PROBES.keys(), "a success of each probe", 60)
    before = dict(SUCCESSES.findall(page(machine)))
    machine.run("sed -i 's|Điểm thử|Điểm thử 2|' /etc/netwatch/inventory/sandbox.yaml")
    machine.run("systemctl reload netwatch")
    wait_until(lambda: "Điểm thử 2" in page(machine, "status.json"), "the reload")

    def goes_on() -> bool:
        now = dict(SUCCESSES.findall(page(machine)))
        return all(float(now[probe]) > float(count) for probe, count in before.items())

    wait_until(goes_on, "further successes of each probe")


def test_traps_come_through_the_socket_of_systemd(machine: Machine) -> None:
    text = TRAP.replace("COMMUNITY", repr(COMMUNITY)).replace("PEER", repr(INSIDE))
    put(machine, "/root/trap.py", text)
    machine.run("/opt/netwatch/bin/python /root/trap.py")
    accepted = 'netwatch_trap_datagrams_total{verdict="accepted"} 1'
    wait_until(lambda: accepted in page(machine), accepted)


def test_what_it_must_not_do_it_can_not(machine: Machine) -> None:
    unit = machine.run("cat /etc/systemd/system/netwatch.service")
    attempt = "/opt/netwatch/bin/python /srv/forbidden.py"
    unit = re.sub(r"(?m)^ExecStart=.*$", f"ExecStart={attempt}", unit)
    unit = re.sub(r"(?m)^(Type|Restart|WatchdogSec)=.*$", "", unit)
    put(machine, "/etc/systemd/system/attempt.service", f"{unit}\n[Service]\nType=oneshot\n")
    machine.run("systemctl daemon-reload; systemctl start attempt")
    said = machine.journal("attempt")
    assert set(re.findall(r"^yes: (.*)$", said, re.MULTILINE)) == forbidden.ALLOWED.keys(), said
    assert set(re.findall(r"^no: ([^:]*)", said, re.MULTILINE)) == forbidden.FORBIDDEN.keys(), said
