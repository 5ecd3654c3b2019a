"""What the daemon is told of the province, and what goes wrong in it, so that every rule matters.

The lab plays the example province as it is shipped. The daemon's copy of the inventory differs from
it on purpose: what a device doesn't know as the inventory says is a fault that no wire can cause.
"""

from __future__ import annotations

import shutil
from pathlib import Path

SHIPPED = Path(__file__).parents[2] / "config" / "inventory"

CUT = "nam-sach"
"""The district whose line is cut while everything is timed."""

BLIND_FOR = 40
"""Seconds at the beginning in which the collector sees nothing."""

FAULTS = f"""
faults:
  - {{at: 0s, for: {BLIND_FOR}s, cut: data-centre}}            # the collector is blind
  - {{at: 0s, cut: chi-linh-second}}                  # one of two lines
  - {{at: 0s, cut: thanh-uy-chi-linh}}                # a flow that must pass does not
  - {{at: 0s, for: 1h, reboot: so-noi-vu/switch-1}}   # a device of a site is silent
  - {{at: {BLIND_FOR + 1}s, open: no-rdp-database-tinh-uy}}   # a flow that must be blocked passes
  - {{at: {BLIND_FOR + 14}s, cut: {CUT}}}
"""

CANNOT_HAPPEN = {
    "NetwatchNotMeasuring": "a daemon that answers Prometheus for five minutes and measures nothing"
    " would be a fault of its own; promtool shows the rule firing",
    "NetwatchCertificateEnding": "no device of the lab has a certificate",
    "NetwatchFlowViolatedUnseen": "no vantage of the lab was cut off and came back;"
    " promtool shows the rule firing",
}
"""Rules that nothing in the lab can cause, each with its reason."""

EXTRA = """
credentials:
  misspelt: {version: 2c, community: snmp-misspelt}
sites:
  not-measured:
    tier: commune
    parent: nam-sach
    name_vi: Xã Chưa Có Thiết Bị
maintenance:
  always:
    starts: 2026-01-01 00:00
    for: 1d
    repeat: FREQ=DAILY
    reason: Chưa bàn giao
    sites: [so-y-te]
flows:
  not-measured:
    name_vi: Chưa đến lượt đo
    from: state-dc
    to: tinh-uy/exchange
    check: {probe: tcp, port: 443, interval: 86400s}
    expect: pass
"""

SECRETS = {"NETWATCH_SECRET_SNMP_MISSPELT": "not what the device knows"}

EDITS = {
    "classes.yaml": [
        # So that two polls of every device and three echoes to the canaries fit into the test.
        (
            "{probe: snmp, interval: 60s, timeout: 10s}",
            "{probe: snmp, interval: 15s, timeout: 10s}",
        ),
        (
            "tiers: [data-centre]}\n    checks:\n      - {probe: icmp, interval: 5s,",
            "tiers: [data-centre]}\n    checks:\n      - {probe: icmp, interval: 2s,",
        ),
    ],
    "flows.yaml": [("interval: 15s", "interval: 5s")],
    "departments.yaml": [
        # A line that carries more than its contract says.
        ("contract: HD-SN-006, capacity: 100M", "contract: HD-SN-006, capacity: 64k"),
        # A switch that does not know the community that the inventory gives it.
        ("switch-2: 10.17.6.3", "switch-2: {address: 10.17.6.3, snmp: misspelt}"),
    ],
}


def write_inventory(directory: Path) -> Path:
    """The daemon's inventory."""
    shutil.copytree(SHIPPED, directory)
    for name, edits in EDITS.items():
        path = directory / name
        text = path.read_text(encoding="utf-8")
        for before, after in edits:
            assert before in text, f"{name} no longer has {before!r}"
            text = text.replace(before, after)
        path.write_text(text, encoding="utf-8")
    (directory / "extra.yaml").write_text(EXTRA, encoding="utf-8")
    return directory
