"""The service under a real systemd, installed by the very commands of docs/install.md."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.harness.requirements import require_root, require_tool
from tests.system.debian import REPOSITORY, make_bundle, root_filesystem
from tests.system.documentation import BUNDLE, follow
from tests.system.machine import Machine, boot, wait_until

pytestmark = pytest.mark.slow

SECRETS = ("snmp-wan-community", "snmp-lan-community", "snmp-core-auth", "snmp-core-priv")
PLANTED = "planted-c4n4ry"
"""In every secret; it must not turn up anywhere."""

OUTSIDE = "203.0.113.5"
"""An address that the unit does not let the service talk to (RFC 5737)."""

STOP_WITHIN = 3.0
"""Seconds, as the documentation promises."""

UP = 1
UNKNOWN = 0
RELOADED = "netwatch_config_last_reload_successful"
NAM_HUNG = 'netwatch_target_state{site="nam-sach-nam-hung",target="router"}'
"""Any target of the example province."""

SITE = """
classes:
  test:
    match: {{roles: [server], tiers: [test]}}
    checks: [{{probe: icmp, interval: 1s, timeout: 500ms}}]
tiers:
  test: {{name_vi: Thử, name: Test, rank: 9}}
sites:
  {name}: {{tier: test, name_vi: Điểm thử, targets: {{server: {address}}}}}
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine on which the service was installed and started as the documentation says."""
    require_root()
    require_tool("systemd-nspawn")
    directory = tmp_path_factory.mktemp("machine")
    root = root_filesystem()
    make_bundle(directory / "bundle")
    with boot(root, {directory / "bundle": BUNDLE}, directory / "console") as booted:
        # Every address of the example province, and one outside, is this machine itself.
        booted.run(f"ip route add local 10.16.0.0/12 dev lo; ip address add {OUTSIDE} dev lo")
        for section in ("Program", "Unit, user and ICMP", "Configuration"):
            follow(booted, "install.md", section)
        for name in SECRETS:
            booted.run(f"umask 077; echo {PLANTED}-{name} > /etc/netwatch/secrets/{name}")
        follow(booted, "install.md", "Check and start")
        yield booted


def metric(machine: Machine, series: str) -> float | None:
    """The value of a series of /metrics; None when there is no such series, or no page."""
    page = machine.run("curl --silent --fail http://127.0.0.1:10880/metrics", check=False)
    found = re.search(rf"^{re.escape(series)} (\S+)$", page, re.MULTILINE)
    return None if found is None else float(found[1])


def wait_for_metric(machine: Machine, series: str, value: float, seconds: float = 30) -> None:
    wait_until(lambda: metric(machine, series) == value, f"{series} {value:g}", seconds)


def write_inventory(machine: Machine, text: str) -> None:
    machine.run(f"cat > /etc/netwatch/inventory/test.yaml <<'END'\n{text}\nEND")
    machine.run("chgrp netwatch /etc/netwatch/inventory/test.yaml")
    machine.run("chmod 640 /etc/netwatch/inventory/test.yaml; systemctl reload netwatch")


@contextmanager
def drop_in(machine: Machine, text: str) -> Iterator[None]:
    """The service, started again with a change to its unit."""
    directory = "/etc/systemd/system/netwatch.service.d"
    restart = "systemctl daemon-reload; systemctl restart netwatch"
    machine.run(f"mkdir -p {directory}; cat > {directory}/test.conf <<'END'\n{text}\nEND")
    machine.run(restart)
    try:
        yield
    finally:
        machine.run(f"rm -r {directory}; {restart}")


def test_is_active_and_says_what_it_does(machine: Machine) -> None:
    assert machine.show("netwatch", "ActiveState") == "active"
    assert machine.show("netwatch", "NRestarts") == "0"
    status = machine.show("netwatch", "StatusText")
    assert re.fullmatch(r"watching [1-9]\d+ sites, [1-9]\d+ targets", status)


def test_icmp_works_in_the_sandbox(machine: Machine) -> None:
    wait_for_metric(machine, NAM_HUNG, UP)


def test_runs_as_nobody_in_particular(machine: Machine) -> None:
    pid = machine.show("netwatch", "MainPID")
    status = machine.run(f"cat /proc/{pid}/status")
    assert re.search(r"^CapPrm:\s0+$", status, re.MULTILINE)
    assert re.search(r"^CapBnd:\s0+$", status, re.MULTILINE)
    assert re.search(r"^NoNewPrivs:\s1$", status, re.MULTILINE)
    assert re.search(r"^Seccomp:\s2$", status, re.MULTILINE)
    assert machine.run(f"stat --format=%U /proc/{pid}") == "netwatch"


def test_inventory_and_secrets_are_closed_to_other_users(machine: Machine) -> None:
    for user, path in (("nobody", "inventory/flows.yaml"), ("netwatch", f"secrets/{SECRETS[0]}")):
        read = f"setpriv --reuid={user} --clear-groups cat /etc/netwatch/{path}"
        assert "Permission denied" in machine.run(read, check=False)


def test_reload_takes_over_what_is_right(machine: Machine) -> None:
    write_inventory(machine, SITE.format(name="kept", address="10.31.250.1"))
    wait_for_metric(machine, 'netwatch_target_state{site="kept",target="server"}', UP)
    assert metric(machine, RELOADED) == 1


OPEN = """
flows:
  open:
    name_vi: Phải bị chặn
    from: state-dc
    to: kept/server
    check: {probe: tcp, port: 8099, interval: 2s, timeout: 1s}
    expect: blocked
"""
"""A flow that is open where something listens."""


def test_an_incident_is_taken_on_beside_the_sandboxed_daemon(machine: Machine) -> None:
    netwatch = "/opt/netwatch/bin/netwatch {} --settings /etc/netwatch/netwatch.toml"
    machine.run("systemd-run --unit=open python3 -m http.server 8099")
    write_inventory(machine, SITE.format(name="kept", address="10.31.250.1") + OPEN)
    wait_until(
        lambda: "flow:open" in machine.run(netwatch.format("incidents --json"), check=False),
        "an incident in the journal",
        60,
    )
    found = json.loads(machine.run(netwatch.format("incidents --json")))
    (incident,) = [each for each in found["open"] if each["cause"] == "flow:open"]
    machine.run(netwatch.format(f"ack {incident['id']} --note 'đã khóa'"))
    series = f'netwatch_incident_acknowledged{{incident="{incident["id"]}"}}'
    wait_for_metric(machine, series, 1)
    assert "root" in machine.run(netwatch.format(f"incident {incident['id']}"))
    owners = machine.run("stat --format=%U /var/lib/netwatch/journal.sqlite*")
    assert set(owners.split()) == {"netwatch"}
    machine.run("systemctl stop open")


def test_reload_refuses_what_is_wrong(machine: Machine) -> None:
    before = machine.show("netwatch", "MainPID")
    write_inventory(machine, SITE.format(name="kept", address="not-an-address"))
    wait_for_metric(machine, RELOADED, 0)
    assert metric(machine, 'netwatch_target_state{site="kept",target="server"}') == UP
    assert machine.show("netwatch", "ActiveState") == "active"
    assert machine.show("netwatch", "MainPID") == before
    assert "test.yaml" in machine.show("netwatch", "StatusText")
    assert "not-an-address" in machine.journal("netwatch")

    write_inventory(machine, SITE.format(name="kept", address="10.31.250.1"))
    wait_for_metric(machine, RELOADED, 1)
    assert machine.show("netwatch", "StatusText").startswith("watching ")


def test_an_address_that_systemd_blocks_is_not_called_down(machine: Machine) -> None:
    range_too = f"ranges: [10.16.0.0/12, {OUTSIDE}/32]"
    province = "/etc/netwatch/inventory/province.yaml"
    machine.run(f"sed -i.before 's|^ranges: .*|{range_too}|' {province}; rm {province}.before")
    write_inventory(machine, SITE.format(name="outside", address=OUTSIDE))
    state = 'netwatch_target_state{site="outside",target="server"}'
    wait_for_metric(machine, state, UNKNOWN)
    time.sleep(5)  # five intervals, and hard states need three
    assert metric(machine, state) == UNKNOWN
    with drop_in(machine, f"[Service]\nIPAddressAllow={OUTSIDE}"):
        wait_for_metric(machine, state, UP)


def test_watchdog_ends_what_hangs(machine: Machine) -> None:
    with drop_in(machine, "[Service]\nWatchdogSec=3\nTimeoutAbortSec=1"):
        wait_for_metric(machine, NAM_HUNG, UP)
        time.sleep(6)  # two limits of the watchdog
        assert machine.show("netwatch", "NRestarts") == "0"
        machine.run("systemctl kill --kill-whom=main --signal=STOP netwatch")
        wait_until(lambda: machine.show("netwatch", "NRestarts") == "1", "restart by the watchdog")
        wait_for_metric(machine, NAM_HUNG, UP)
        assert "Watchdog timeout" in machine.journal("netwatch")


def test_is_started_again_after_a_crash(machine: Machine) -> None:
    before = machine.show("netwatch", "NRestarts")
    machine.run("systemctl kill --kill-whom=main --signal=KILL netwatch")
    wait_until(lambda: machine.show("netwatch", "NRestarts") > before, "restart")
    wait_for_metric(machine, NAM_HUNG, UP)


def test_raw_sockets_by_drop_in(machine: Machine) -> None:
    sysctl = "/proc/sys/net/ipv4/ping_group_range"
    text = (REPOSITORY / "systemd" / "drop-ins" / "raw-icmp.conf").read_text()
    machine.run(f"echo 1 0 > {sysctl}")
    try:
        with drop_in(machine, text):
            wait_for_metric(machine, NAM_HUNG, UP)
            machine.run(f"echo 0 2147483647 > {sysctl}")
    finally:
        machine.run(f"echo 0 2147483647 > {sysctl}")


def test_secrets_turn_up_nowhere(machine: Machine) -> None:
    seen = machine.run(
        "journalctl --no-pager --output=export; systemctl show netwatch; systemctl status netwatch;"
        "cat /proc/[0-9]*/cmdline | tr '\\0' ' ';"
        "find /var/lib/netwatch -type f -exec cat {} + | tr -cd '[:print:]\\n';"
        "curl --silent http://127.0.0.1:10880/metrics http://127.0.0.1:10880/;"
        "cat /proc/$(systemctl show --value --property=MainPID netwatch)/environ | tr '\\0' '\\n'"
    )
    assert "Started netwatch.service" in seen
    assert "CREDENTIALS_DIRECTORY" in seen
    assert PLANTED not in seen


def test_stops_in_time_and_cleanly(machine: Machine) -> None:
    before = time.monotonic()
    machine.run("systemctl stop netwatch")
    assert time.monotonic() - before < STOP_WITHIN
    assert machine.show("netwatch", "Result") == "success"
    assert machine.show("netwatch", "ExecMainStatus") == "0"
    machine.run("systemctl start netwatch")


def test_upgrade(machine: Machine) -> None:
    before = machine.show("netwatch", "MainPID")
    follow(machine, "install.md", "Program")
    follow(machine, "install.md", "Unit, user and ICMP")
    machine.run("systemctl restart netwatch")
    assert machine.show("netwatch", "MainPID") != before
    wait_for_metric(machine, NAM_HUNG, UP)


def test_can_be_removed(machine: Machine) -> None:
    follow(machine, "install.md", "Uninstall")
    assert (
        machine.run("find / -xdev -name '*netwatch*' -not -path '/proc/*' -not -path '/srv/*'")
        == ""
    )
