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

SILENT = "silent-office"
"""A department of which only the daemon knows, so its router is down, and no line is at fault."""

FLAPS = "thanh-ha-hong-lac"
"""A commune that the daemon judges by each echo, and whose line is cut again and again."""

SLOW = "so-xay-dung"
"""A department whose line is far too slow."""

BLIND_FOR = 40
"""Seconds at the beginning in which the collector sees nothing."""

FAULTS = f"""
faults:
  - {{at: 0s, for: {BLIND_FOR}s, cut: data-centre}}            # the collector is blind
  - {{at: 0s, cut: chi-linh-second}}                  # one of two lines
  - {{at: 0s, cut: thanh-uy-chi-linh}}                # an office, and the flows to it
  - {{at: 0s, for: 1h, reboot: so-noi-vu/switch-1}}   # a device of a site is silent
  - {{at: 0s, delay: {{site: {SLOW}, delay: 400ms}}}}
  - {{at: {BLIND_FOR + 1}s, open: no-rdp-database-tinh-uy}}   # a flow that must be blocked passes
  - {{at: {BLIND_FOR + 14}s, cut: {CUT}}}
""" + "".join(
    f"  - {{at: {BLIND_FOR + after}s, for: 6s, cut: {FLAPS}}}\n" for after in range(2, 74, 12)
)

CANNOT_HAPPEN = {
    "NetwatchNotMeasuring": "a daemon that answers Prometheus for five minutes and measures nothing"
    " would be a fault of its own; promtool shows the rule firing",
    "NetwatchCertificateEnding": "no device of the lab has a certificate",
    "NetwatchJournalFailing": "the daemon has no journal here",
    "NetwatchRulesFailing": "rules that fail are not shipped; see test_no_rule_failed",
    "NetwatchMessagesNotSent": "there is no Alertmanager here; see tests/paging",
    "NetwatchBudgetBurningFast": "what the lab cuts is paged by its cause,"
    " so this one is silent; promtool shows it firing",
}
"""Rules that nothing in the lab can cause, each with its reason."""

EXTRA = f"""
credentials:
  misspelt: {{version: 2c, community: snmp-misspelt}}
classes:
  quick:
    match: {{roles: [nothing]}}
    checks: [{{probe: icmp, interval: 500ms, timeout: 400ms}}]
    down_after: 1
    up_after: 1
sites:
  {SILENT}:
    tier: department
    parent: data-centre
    name_vi: Sở Không Trả Lời
    targets: {{router: 10.17.200.1}}
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
    check: {{probe: tcp, port: 443, interval: 86400s}}
    expect: pass
  refused:
    name_vi: Không dịch vụ nào ở đó
    from: state-dc
    to: so-tu-phap/codec
    check: {{probe: tcp, port: 4444, interval: 5s}}
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
    "districts/thanh-ha.yaml": [
        ("router: 10.25.2.1,", "router: {address: 10.25.2.1, class: quick},"),
        ("codec: 10.25.2.20}", "codec: {address: 10.25.2.20, class: quick}}"),
    ],
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
