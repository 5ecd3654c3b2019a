"""PromQL of incidents, and how they are shown: large for the wall, in full for the desk."""

from __future__ import annotations

from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.builders.table import Panel as Table

from dashboards.grafana import words
from dashboards.grafana.colours import AMBER, BLUE, GREY, RED
from dashboards.grafana.columns import CARRIER, CONTRACT, SITE_ID
from dashboards.grafana.links import TO_LINE, TO_PAGE, TO_SITE
from dashboards.grafana.panels import now, rows
from dashboards.grafana.queries import SEES, spoken
from dashboards.grafana.tables import Column, table
from dashboards.grafana.tiles import rows_for_the_wall
from dashboards.grafana.words import both

BEGAN = 'netwatch_incident_start_timestamp_seconds{severity!="info"}'
"""One series for each incident that is open; what is being worked on by plan is for information."""

_SUBJECT = '"link", "$1", "cause", "(?:link|target|flow):(.*)"'
"""What is at fault without its kind: a line's id is the label ``link`` of the row."""

_ALL_WELL = both("Không có sự cố nào", "nothing is broken")
_BLIND = both("Bộ giám sát bị mù: không biết", "the collector is blind: nobody knows")
_ROWS = 3
"""Of each severity on the wall; the table below it has them all."""

_LETTERS = 96
"""Of a row on the wall; what is longer is in the table as a whole."""

_SEVERITY = both("Mức", "Severity")
_SUBJECTS = both("Đường truyền, thiết bị", "Line, device")
_SILENT_SITES = both("Số điểm mất", "Sites behind")
_DURATION = both("Đã kéo dài", "For")


def _told() -> str:
    """The incidents, with the id of what is at fault; where there is none, or no site, a dash."""
    told = f"label_replace({BEGAN}, {_SUBJECT})"
    for label in ("link", "site"):
        told = f'label_replace({told}, "{label}", "{words.NONE}", "{label}", "")'
    return told


def _newest(severity: str) -> str:
    """How long the newest incidents have lasted, each with the label ``row`` that tells of it."""
    began = BEGAN.replace('!="info"', f'="{severity}"')
    parts = '"name_vi", "carrier", "contract"'
    joined = f'label_join({began}, "row", " · ", {parts})'
    # What an incident doesn't have leaves nothing behind.
    row = f'label_replace({joined}, "row", "$1", "row", "(.*?)(?: · )*")'
    row = f'label_replace({row}, "row", "$1…", "row", "(.{{{_LETTERS}}}).+")'
    return f"bottomk({_ROWS}, time() - max by (row) ({row}))"


def wall() -> Stat:
    """The newest incidents in letters that can be read from across the room."""
    well = f'label_replace(-1 * ({SEES} == 1), "row", "{_ALL_WELL}", "", "")'
    blind = f'label_replace(({SEES} == 0) - 2, "row", "{_BLIND}", "", "")'
    nothing = f"({well} or {blind}) unless on () {BEGAN}"
    return rows_for_the_wall(
        both("Sự cố đang mở", "Open incidents"),
        both(
            "Mới nhất trước, khẩn cấp trước cảnh báo; số là thời gian đã kéo dài. Mọi điểm phía sau"
            " một nguyên nhân nằm trong dòng của nguyên nhân đó",
            "The newest first, critical before warnings; the figure is how long it has lasted. All"
            " sites behind a cause are in its row",
        ),
        (24, 9),
        {
            RED: now("critical", _newest("critical"), "{{row}}"),
            AMBER: now("warning", _newest("warning"), "{{row}}"),
            BLUE: now("none", nothing, "{{row}}"),
        },
        unit="dtdhms",
        words={-1: words.NOTHING._replace(colour=BLUE), -2: words.NOTHING._replace(colour=GREY)},
    )


def each() -> Table:
    """Every incident, with what is behind it."""
    by = "incident, kind, severity, link, name_vi, carrier, contract, site, cause"
    return table(
        both("Chi tiết sự cố", "Incidents in detail"),
        both(
            "Mỗi sự cố một dòng, trong toàn tỉnh: nguyên nhân, đường truyền, nhà mạng, hợp đồng, số"
            " điểm phía sau, đã kéo dài bao lâu, đã có người nhận chưa",
            "One row an incident, of the whole province: cause, line, carrier, contract, sites"
            " behind it, how long, and whether somebody has acknowledged it",
        ),
        (24, 9),
        [
            rows("long", _each(f"time() - max by ({by}) ({_told()})")),
            rows("sites", "max by (incident) (netwatch_incident_sites)"),
            rows("seen", "max by (incident) (netwatch_incident_acknowledged)"),
        ],
        [
            Column("severity", _SEVERITY, words=words.SEVERITIES, optional=True),
            Column("kind", both("Sự cố", "Incident"), words=words.INCIDENTS, optional=True),
            Column("name_vi", both("Việc gì", "What happened"), links=[TO_SITE, TO_PAGE]),
            Column(
                "link",
                both("Đường truyền, thiết bị", "Line, device"),
                links=[TO_LINE],
                letters=26,
                optional=True,
            ),
            CARRIER,
            CONTRACT,
            Column("Value #sites", _SILENT_SITES, letters=8, optional=True),
            Column("Value #long", _DURATION, unit="dtdhms", letters=12, optional=True),
            Column(
                "Value #seen",
                both("Đã có người nhận", "Acknowledged"),
                words=words.ACKNOWLEDGED,
                optional=True,
            ),
            SITE_ID,
        ],
        sort=_SEVERITY,
    )


def _each(expr: str) -> str:
    return spoken(expr, {"name_vi": _ALL_WELL, "severity": "none", "kind": "none"})
