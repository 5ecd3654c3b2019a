"""The interfaces of a site's devices, and their traffic."""

from __future__ import annotations

from dashboards.grafana import words
from dashboards.grafana.columns import (
    DEVICE,
    ERROR_RATE,
)
from dashboards.grafana.frame import (
    DashboardRow,
)
from dashboards.grafana.panels import (
    POLLED,
    mirrored,
    over_time,
    rows,
)
from dashboards.grafana.queries import (
    THESE_TARGETS,
    interface,
    interface_rate,
    top,
)
from dashboards.grafana.tables import Column, table
from dashboards.grafana.words import both, perhaps

_NO_SNMP = perhaps("Thiết bị không đọc qua SNMP", "not read over SNMP")
_BUSIEST = 8
"""Interfaces that are drawn: of a core router there are hundreds."""

_TARGETS = f"{{{THESE_TARGETS}}}"


def interfaces() -> DashboardRow:
    """The row of the chosen devices of the chosen site."""
    name = both("Cổng", "Interface")
    ports = table(
        both("Cổng", "Interfaces"),
        both(
            "Đọc qua SNMP; lưu lượng trung bình 5 phút",
            "Read over SNMP; traffic is a mean of 5 min",
        ),
        (24, 10),
        [
            rows("speed", interface("ifHighSpeed") + " * 1e6"),
            rows("alias", f"max by (target, ifIndex, ifName, ifAlias) (ifOperStatus{_TARGETS})"),
            rows("admin", interface("ifAdminStatus")),
            rows("in", _of_ports(f"8 * {interface_rate('ifHCInOctets', '5m')}")),
            rows("out", _of_ports(f"8 * {interface_rate('ifHCOutOctets', '5m')}")),
            rows(
                "errors",
                _of_ports(
                    f"60 * ({interface_rate('ifInErrors', '5m')}"
                    f" + {interface_rate('ifOutErrors', '5m')})"
                ),
            ),
        ],
        [
            DEVICE,
            Column("ifName", name, letters=20),
            Column("ifAlias", both("Mô tả", "Description"), optional=True),
            Column("Value #alias", both("Hoạt động", "Operation"), words=words.INTERFACE),
            Column("Value #admin", both("Cấu hình", "Configured"), words=words.INTERFACE),
            _bits("speed", both("Tốc độ", "Speed")),
            _bits("in", both("Vào", "In")),
            _bits("out", both("Ra", "Out")),
            ERROR_RATE,
        ],
        sort=DEVICE.title,
        empty=_NO_SNMP,
    )
    ways = {
        way: over_time(
            way,
            top(_BUSIEST, f"8 * {interface_rate(metric)}", "target, ifIndex, ifName"),
            f"{word} {{{{target}}}} {{{{ifName}}}}",
            POLLED,
        )
        for way, metric, word in (
            ("in", "ifHCInOctets", both("vào", "in")),
            ("out", "ifHCOutOctets", both("ra", "out")),
        )
    }
    traffic = mirrored(
        both("Lưu lượng", "Traffic"),
        both(
            f"{_BUSIEST} cổng bận nhất lúc này; chiều vào vẽ xuống dưới",
            f"The {_BUSIEST} busiest interfaces of now; what comes in is drawn downwards",
        ),
        (24, 10),
        [ways["out"]],
        [ways["in"]],
        unit="bps",
        empty=_NO_SNMP,
    )
    return both("Cổng và lưu lượng", "Interfaces and traffic"), [ports, traffic]


def _of_ports(expr: str) -> str:
    """Of interfaces that are read now: a rate lives on for minutes when a device falls silent."""
    return f"{expr} and on (target, ifIndex, ifName) ifOperStatus{_TARGETS}"


def _bits(ref: str, title: str) -> Column:
    return Column(f"Value #{ref}", title, unit="bps", letters=10, optional=True)
