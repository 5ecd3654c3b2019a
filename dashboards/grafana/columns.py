"""Columns that tables of several dashboards share, so that one thing has one name everywhere."""

from __future__ import annotations

from dashboards.grafana import words
from dashboards.grafana.links import TO_LINE, TO_PAGE, TO_SITE
from dashboards.grafana.panels import JITTER_LEVELS, LOSS, ROUND_TRIP_LEVELS, SHARE
from dashboards.grafana.tables import Column
from dashboards.grafana.words import both

STATE = both("Trạng thái", "State")
"""Title of a state, of a column or of a panel."""

SINCE = both("Từ lúc", "Since")
"""Title of the moment at which a state began."""

DATE = "dateTimeAsIso"
"""The unit of a moment; Grafana shows it in the time zone of the dashboard."""

NAME = Column("name_vi", both("Tên", "Name"))
"""The Vietnamese name of a site, flow or objective."""

SITE_NAME = Column("name_vi", both("Tên", "Name"), links=[TO_SITE, TO_PAGE])
"""The Vietnamese name of a site, with links to it."""

SITE_ID = Column("site", both("Mã điểm", "Site id"), links=[TO_SITE, TO_PAGE], letters=22)
STATE_OF_SITE = Column("Value #state", STATE, words=words.RANKED_STATES)
"""The state of a site or target, ranked."""

STATE_OF_FLOW = Column("Value #state", STATE, words=words.FLOWS)
STATE_SINCE = Column("Value #since", SINCE, unit=DATE, letters=22, optional=True)
DEVICE = Column("target", both("Thiết bị", "Device"), letters=14)
LINE = Column("link", both("Đường truyền", "Line"), links=[TO_LINE], letters=26)
CARRIER = Column("carrier", both("Nhà mạng", "Carrier"), letters=10, optional=True)
CONTRACT = Column("contract", both("Hợp đồng", "Contract"), optional=True, letters=13)
PROBE = Column("probe", both("Phép đo", "Probe"), letters=10)
FAILING_PROBE = Column("probe", both("Phép đo lỗi", "Failing probe"), optional=True, letters=10)
REASON = Column("reason", both("Lý do", "Reason"), optional=True, words=words.REASONS)
LOSS_RATIO = Column(
    "Value #loss", both("Mất gói", "Loss"), unit=SHARE, levels=LOSS, letters=8, optional=True
)
ROUND_TRIP = Column(
    "Value #rtt",
    both("Độ trễ p95", "Round trip p95"),
    unit="s",
    levels=ROUND_TRIP_LEVELS,
    letters=9,
    optional=True,
)
JITTER = Column(
    "Value #jitter",
    both("Biến động trễ", "Jitter"),
    unit="s",
    levels=JITTER_LEVELS,
    letters=9,
    optional=True,
)
ERROR_RATE = Column(
    "Value #errors",
    both("Gói lỗi mỗi phút", "Errors a minute"),
    unit="short",
    letters=8,
    optional=True,
)
REACHED = Column("Value #reached", both("Hiện tại", "Now"), unit=SHARE, letters=9, optional=True)
GOAL = Column("Value #goal", both("Chỉ tiêu", "Goal"), unit=SHARE, letters=9)

FAILURE = (FAILING_PROBE, REASON)
"""Which probe fails, and why; empty where none does."""

QUALITY = (LOSS_RATIO, ROUND_TRIP, JITTER)
"""Loss, round trip and jitter of the echoes; empty of what doesn't answer now."""

OBJECTIVE = (REACHED, GOAL)
"""How far an objective is reached, and what the plan asks for."""
