"""Ways from one dashboard to another, and to the page of netwatch."""

from __future__ import annotations

from typing import NamedTuple

from grafana_foundation_sdk.builders.dashboard import DashboardLink
from grafana_foundation_sdk.models.dashboard import DashboardLinkType

from dashboards.grafana.words import both

TAG = "netwatch"
PROVINCE, SITE, WAN = "netwatch-province", "netwatch-site", "netwatch-links"
EXCHANGE, MEETINGS = "netwatch-exchange", "netwatch-meetings"
"""Uids of the dashboards; other places link to them, so they stay."""

PAGE = "${page:raw}/"
"""The page of netwatch. Raw, because Grafana would escape an address in a link."""

KEPT = "${__all_variables}&${__url_time_range}"
"""What a link takes along: what was chosen, and the time range."""


class Link(NamedTuple):
    """A link in a table; the address may name fields of the row."""

    title: str
    url: str
    elsewhere: bool = False

    def of_a_row(self) -> dict[str, object]:
        """As Grafana's field configuration has it."""
        return {"title": self.title, "url": self.url, "targetBlank": self.elsewhere}


def page_of(site: str) -> str:
    """The place of a site on the page of netwatch; ``site`` may be a variable of Grafana."""
    return f"{PAGE}#site-{site}"


TO_SITE = Link(
    both("Chi tiết điểm", "Site detail"), f"/d/{SITE}?{KEPT}&var-site=${{__data.fields.site}}"
)
"""To the site of the row."""

_CHOSEN_LINES = "${datasource:queryparam}&${carrier:queryparam}&${__url_time_range}"

TO_LINE = Link(
    both("Chi tiết đường truyền", "Line detail"),
    f"/d/{WAN}?{KEPT}&var-link=${{__data.fields.link}}",
)
"""To the line of the row, from another dashboard."""

TO_THIS_LINE = Link(TO_LINE.title, f"/d/{WAN}?{_CHOSEN_LINES}&var-link=${{__data.fields.link}}")
"""To the line of the row, on the dashboard of lines itself, which has a line chosen already."""

TO_EXCHANGE = Link(both("Liên thông", "Party–State exchange"), f"/d/{EXCHANGE}?{KEPT}")
TO_MEETINGS = Link(both("Họp trực tuyến", "Meetings"), f"/d/{MEETINGS}?{KEPT}")
TO_WAN = Link(both("Đường truyền", "WAN links"), f"/d/{WAN}?{KEPT}")
"""To a whole dashboard."""

TO_PAGE = Link(
    both("Mở trên trang netwatch", "Open on the netwatch page"),
    page_of("${__data.fields.site}"),
    elsewhere=True,
)
"""To the row's site on the page of netwatch, in a new tab."""


def between_dashboards(page: str) -> list[DashboardLink]:
    """The links on top of each dashboard: to the others, and to this page of netwatch."""
    others = DashboardLink(both("Bảng theo dõi", "Dashboards")).type(DashboardLinkType.DASHBOARDS)
    others.tags([TAG]).as_dropdown(False).include_vars(True).keep_time(True)
    netwatch = DashboardLink(both("Trang netwatch", "netwatch page")).type(DashboardLinkType.LINK)
    netwatch.url(page).icon("external link").target_blank(True)
    return [others, netwatch]
