"""Columns that tables of several dashboards share, so that one thing has one name everywhere."""

from __future__ import annotations

from dashboards.grafana import words
from dashboards.grafana.links import TO_LINE, TO_PAGE, TO_SITE
from dashboards.grafana.panels import LOSS, SHARE
from dashboards.grafana.tables import Column
from dashboards.grafana.words import both

STATE = both("Trạng thái", "State")
"""Title of a state, of a column or of a panel."""

SINCE = both("Từ lúc", "Since")
"""Title of the moment at which a state began."""

NAME_VI = Column("name_vi", "Tên")
NAME_EN = Column("name", "Name")
"""Names of a site, flow or objective."""

SITE_NAME = Column("name_vi", "Tên", links=[TO_SITE, TO_PAGE])
"""The Vietnamese name of a site, with links to it."""

SITE_ID = Column("site", both("Mã điểm", "Site id"), links=[TO_SITE, TO_PAGE])
STATE_OF_SITE = Column("Value #state", STATE, words=words.STATES)
"""The state of a site, target, line or cause."""

STATE_OF_FLOW = Column("Value #state", STATE, words=words.FLOWS)
STATE_SINCE = Column("Value #since", SINCE, unit="dateTimeAsIso")
DEVICE = Column("target", both("Thiết bị", "Device"))
LINE = Column("link", both("Đường truyền", "Line"), links=[TO_LINE])
CARRIER = Column("carrier", both("Nhà mạng", "Carrier"))
CONTRACT = Column("contract", both("Hợp đồng", "Contract"), optional=True)
PROBE = Column("probe", both("Phép đo", "Probe"))
FAILING_PROBE = Column("probe", both("Phép đo lỗi", "Failing probe"), optional=True)
REASON = Column("reason", both("Lý do", "Reason"), optional=True)
LOSS_RATIO = Column("Value #loss", both("Mất gói", "Loss"), unit=SHARE, levels=LOSS)
ROUND_TRIP = Column("Value #rtt", both("Độ trễ p95", "Round trip p95"), unit="s")
JITTER = Column("Value #jitter", both("Biến động trễ", "Jitter"), unit="s")
ERROR_RATE = Column("Value #errors", both("Lỗi mỗi giây", "Errors a second"), unit="short")
REACHED = Column("Value #reached", both("Hiện tại", "Now"), unit=SHARE)
GOAL = Column("Value #goal", both("Chỉ tiêu", "Goal"), unit=SHARE)

FAILURE = (FAILING_PROBE, REASON)
"""Which probe fails, and why; empty where none does."""

QUALITY = (LOSS_RATIO, ROUND_TRIP, JITTER)
"""Loss, round trip and jitter of the echoes."""

OBJECTIVE = (REACHED, GOAL)
"""How far an objective is reached, and what the plan asks for."""
