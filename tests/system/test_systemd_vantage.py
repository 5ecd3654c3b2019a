"""Both ends of the way from a vantage to the centre, installed as docs/vantages.md says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.requirements import require_root, require_tool
from tests.system.debian import make_bundle, root_filesystem
from tests.system.documentation import BUNDLE, follow
from tests.system.machine import Machine, boot, wait_until

pytestmark = pytest.mark.slow

UNIT = Path("/lib/systemd/system/prometheus.service")
UNITS = ("netwatch-agent", "netwatch-gate")

PROMETHEUS = """
useradd --system --no-create-home prometheus
touch /etc/default/prometheus
install -d -o prometheus /var/lib/prometheus
install -D -m 644 -t /etc/prometheus config/prometheus/prometheus.yml
install -D -m 644 -t /etc/prometheus/rules config/prometheus/rules/*.yml
"""
"""What the package and docs/install.md do; the programs themselves are those of this machine."""

VANTAGE = """
cp -r config/vantage/inventory/. /etc/netwatch/inventory/
sed -i 's|^vantage = .*|vantage = "party-office"|' /etc/netwatch/netwatch.toml
chown -R root:netwatch /etc/netwatch/inventory
systemctl enable --now netwatch
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine that is a vantage, and the centre that it writes to."""
    require_root()
    require_tool("systemd-nspawn")
    programs = [Path(require_tool(name)) for name in ("prometheus", "openssl")]
    directory = tmp_path_factory.mktemp("vantage")
    root = root_filesystem()
    make_bundle(directory / "bundle")
    lent = {path: str(path) for path in (*programs, UNIT)}
    with boot(root, lent | {directory / "bundle": BUNDLE}, directory / "console") as booted:
        booted.run("ip route add local 10.16.0.0/12 dev lo")
        for section in ("Program", "Unit, user and ICMP", "Configuration"):
            follow(booted, "install.md", section)
        # Only now: the first section holds the bundle to its checksums.
        for name in ("vantage", "prometheus"):
            _scrape_more_often(directory / "bundle" / "config" / name / "prometheus.yml")
        booted.run("rm -r /etc/netwatch/inventory/*")
        booted.run(f"cd {BUNDLE}\n{VANTAGE}")
        booted.run(f"cd {BUNDLE}\n{PROMETHEUS}")
        for section in ("Authority", "Centre"):
            follow(booted, "vantages.md", section)
        follow(booted, "vantages.md", "Vantage")
        yield booted


def _scrape_more_often(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for shipped, sooner in (("interval: 15s", "interval: 2s"), ("timeout: 10s", "timeout: 2s")):
        assert shipped in text
        text = text.replace(shipped, sooner)
    path.write_text(text, encoding="utf-8")


def asked(machine: Machine, expr: str) -> list[dict[str, str]]:
    """The labels of what the centre's Prometheus has."""
    url = "http://127.0.0.1:9090/api/v1/query"
    ask = f"curl --silent --fail --get {url} --data-urlencode 'query={expr}'"
    answer = machine.run(ask, check=False)
    return [series["metric"] for series in json.loads(answer)["data"]["result"]] if answer else []


def test_what_the_vantage_measures_is_at_the_centre(machine: Machine) -> None:
    flows = 'netwatch_flow_as_expected{from="party-office",job=""}'
    wait_until(lambda: bool(asked(machine, flows)), "flows at the centre", 60)
    wait_until(lambda: bool(asked(machine, 'up{vantage="party-office"} == 1')), "heartbeat")


@pytest.mark.parametrize("unit", UNITS)
def test_they_run_as_nobody_in_particular(machine: Machine, unit: str) -> None:
    assert machine.show(unit, "ActiveState") == "active"
    assert machine.show(unit, "NRestarts") == "0"
    status = machine.run(f"cat /proc/{machine.show(unit, 'MainPID')}/status")
    assert re.search(r"^CapBnd:\s0+$", status, re.MULTILINE)
    assert re.search(r"^Seccomp:\s2$", status, re.MULTILINE)
    assert not re.search(r"^Uid:\s0\s", status, re.MULTILINE)


@pytest.mark.parametrize("key", ["netwatch-gate/tls/gate.key", "netwatch-agent/tls/vantage.key"])
def test_keys_are_closed_to_other_users(machine: Machine, key: str) -> None:
    read = f"setpriv --reuid=netwatch --clear-groups cat /etc/{key}"
    assert "Permission denied" in machine.run(read, check=False)


def test_nobody_else_can_reach_prometheus(machine: Machine) -> None:
    answer = machine.run("curl --silent --show-error http://10.16.0.40:9090/", check=False)
    assert "Failed to connect" in answer


def test_certificates_are_renewed_as_it_is_told(machine: Machine) -> None:
    serial = "openssl x509 -serial -noout -in /etc/netwatch-{}/tls/{}.crt"
    before = [
        machine.run(serial.format(*each)) for each in (("gate", "gate"), ("agent", "vantage"))
    ]
    follow(machine, "vantages.md", "Renewal")
    after = [machine.run(serial.format(*each)) for each in (("gate", "gate"), ("agent", "vantage"))]
    assert not {*before} & {*after}
    since = machine.run("date +%s")
    fresh = f'timestamp(up{{vantage="party-office"}}) > {since}'
    wait_until(lambda: bool(asked(machine, fresh)), "samples after the renewal", 60)


def test_who_is_dismissed_is_refused(machine: Machine) -> None:
    machine.run("sed -i 's|party-office|another|' /etc/netwatch-gate/gate.env")
    machine.run("systemctl restart netwatch-gate")
    refused = "a certificate of nobody who may write: party-office"
    wait_until(lambda: refused in machine.journal("netwatch-gate"), refused, 60)
