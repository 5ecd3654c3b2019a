"""What the daemon is told of the province, and what goes wrong in it, so that every rule matters.

The lab plays the example province as it is shipped. The daemon's copy of the inventory differs from
it on purpose: what a device doesn't know as the inventory says is a fault that no wire can cause.
"""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from netwatch.journal.file import NAME
from netwatch.meetings.records.journal import declare
from netwatch.meetings.records.record import MeetingRecord, MeetingVerdict
from tests.harness.meetings import make_calendar

STATE = "state"
"""The daemon's state directory, beside its inventory."""

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

FLAPS_TIMES = FAULTS.count(f"cut: {FLAPS}")
"""How often that line is cut."""

CANNOT_HAPPEN = {
    "NetwatchNotMeasuring": "a daemon that answers Prometheus for five minutes and measures nothing"
    " would be a fault of its own; promtool shows the rule firing",
    "NetwatchContractEnding": "time is not what the lab changes",
    "NetwatchForbiddenFlowRemoved": "the inventory is what is changed; tests/daemon/test_audit.py",
    "NetwatchAuditChainBroken": "a file is what is changed; tests/audit/test_chain_watch.py",
    "NetwatchCertificateEnding": "no device of the lab has a certificate",
    "NetwatchJournalFailing": "the disk takes what is written; promtool shows the rule firing",
    "NetwatchRulesFailing": "rules that fail are not shipped; see test_no_rule_failed",
    "NetwatchPrometheusLate": "there is one Prometheus here, which doesn't read itself;"
    " promtool shows the rule firing",
    "NetwatchAlertmanagersApart": "there is no Alertmanager here; promtool shows the rule firing",
    "NetwatchAlertsNotDelivered": "there is no Alertmanager here; promtool shows the rule firing",
    "NetwatchHistoryShort": "a month is longer than the test; promtool shows the rule firing",
    "NetwatchSeriesMissing": "rules and daemon are of one version; promtool shows the rule firing",
    "NetwatchVantageSiteDown": "no vantage of the lab writes states of sites of its own;"
    " promtool shows the rule firing",
    "NetwatchMessagesNotSent": "there is no Alertmanager here; see tests/paging",
    "NetwatchBudgetBurningFast": "what the lab cuts is paged by its cause,"
    " so this one is silent; promtool shows it firing",
    "NetwatchPathChanged": "the lab's sites have one path each, so answers come over no longer one;"
    " tests/routed and promtool show it",
    "NetwatchPathUnstable": "the lab routes nothing; tests/routed and promtool show it",
    "NetwatchUpsOnBattery": "no site of the lab has a UPS; promtool shows the rule firing",
    "NetwatchUpsBatteryLow": "no site of the lab has a UPS; promtool shows the rule firing",
    "NetwatchFlowViolatedUnseen": "no vantage of the lab was cut off and came back;"
    " promtool shows the rule firing",
}
"""Rules that nothing in the lab can cause, each with its reason."""

NOT_READ = {"instance:netwatch_history:seconds": "this Prometheus doesn't read itself"}
"""Recorded series whose sources the lab has none of, each with its reason; promtool shows them."""

BY_THE_CLOCK = {
    "netwatch:office_opened:timestamp": "there in office hours only",
    "alert:netwatch_over_in_mute_hours:timestamp": "of the night before",
    "NetwatchOverInMuteHours": "fires on the morning of a workday",
}
"""Rules that go by the clock on the wall; promtool shows them."""

NOTHING_TO_SHOW = {
    "Có số liệu từ / Data since": "this Prometheus doesn't read itself",
    "Theo nhà mạng / By carrier [last]": "nothing was measured last month",
    "Sự cố đang mở / Open incidents [none]": "there are incidents",
}
"""Panels that stay empty because of that, each with its reason."""

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

MEETINGS = """
preflight: {{before: [45m, 30m, 1m], within: 30s, every: 10s}}
meetings:
  soon:
    name_vi: Giao ban sắp họp
    level: province-district
    start: {soon}
    duration: 2h
    participants: {{tiers: [district]}}
    mcu: data-centre/mcu
  now:
    name_vi: Giao ban đang họp
    level: district-commune
    start: {begun}
    duration: 2h
    participants: {{tiers: [commune], below: nam-sach}}
  over:
    name_vi: Giao ban đã họp
    level: centre-province
    start: {begun}
    duration: 1m
    participants: {{sites: [data-centre]}}
calendars:
  letters:
    name_vi: Lịch họp
    file: {calendar}
    level: province-district
"""
"""One that is near, one that goes on, one that is over; and a calendar with a strange room."""

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
    _write_meetings(directory)
    return directory


def _write_meetings(directory: Path) -> None:
    """Around this moment, whatever day it is; one of them was declared to be held."""
    now = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    now = now.replace(second=0, microsecond=0)
    soon, begun = now + timedelta(minutes=20), now - timedelta(minutes=2)
    calendar = directory.parent / "calendar.ics"
    strange = {
        "SUMMARY": "Họp chuyên đề",
        "DTSTART": f"{soon:%Y%m%dT%H%M%S}",
        "DURATION": "PT1H",
        "LOCATION": "UBND huyện Gia Lộc; Phòng họp lạ",
    }
    calendar.write_text(make_calendar(strange), encoding="utf-8")
    text = MEETINGS.format(
        soon=f"{soon:%Y-%m-%d %H:%M}", begun=f"{begun:%Y-%m-%d %H:%M}", calendar=calendar
    )
    (directory / "meetings.yaml").write_text(text, encoding="utf-8")
    over = MeetingRecord(
        key=f"over@{begun:%Y-%m-%dT%H:%M}",
        series="over",
        title="Giao ban đã họp",
        level="centre-province",
        start=begun.timestamp(),
        end=begun.timestamp() + 60,
    )
    declare(directory.parent / STATE / NAME, over, MeetingVerdict.HELD)
