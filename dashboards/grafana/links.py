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

_URL_STATE = "${datasource:queryparam}&${page:queryparam}&${__url_time_range}"


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
    both("Chi tiết điểm", "Site detail"),
    f"/d/{SITE}?var-site=${{__data.fields.site}}&{_URL_STATE}",
)
"""To the site of the row."""

TO_LINE = Link(
    both("Chi tiết đường truyền", "Line detail"),
    f"/d/{WAN}?var-link=${{__data.fields.link}}&{_URL_STATE}",
)
"""To the line of the row."""

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
