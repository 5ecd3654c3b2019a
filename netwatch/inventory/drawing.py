"""The tree of sites and the lines between them, drawn as SVG."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from netwatch.inventory.links import all_links, uplink_id
from netwatch.inventory.model import Inventory, Link

ROW, STEP, MARGIN = 22, 230, 20
"""Pixels from one site to the next, from one level to the next, and around all."""

BEND = 26
"""Pixels by which a line that is no uplink swings out."""

_STYLE = """
text { font: 12px sans-serif; fill: #1c2733 } .line { font-size: 10px; fill: #5b6773 }
path { fill: none; stroke: #8a97a5 } .wan { stroke: #2767ad; stroke-width: 1.6 }
.other { stroke: #b4641f; stroke-width: 1.6; stroke-dasharray: 5 3 } circle { fill: #2767ad }
"""


class _TreeLayout:
    """Where each site stands: a column a level, a row each, what is below a site right below it."""

    def __init__(self, inventory: Inventory) -> None:
        self.at: dict[str, tuple[int, int]] = {}
        below: dict[str | None, list[str]] = {}
        for site_id, site in inventory.sites.items():
            parent = site.parent if site.parent in inventory.sites else None
            below.setdefault(parent, []).append(site_id)
        waiting = [(site_id, 0) for site_id in reversed(below.get(None, []))]
        while waiting:
            site_id, depth = waiting.pop()
            self.at[site_id] = MARGIN + depth * STEP, MARGIN + len(self.at) * ROW
            waiting += [(each, depth + 1) for each in reversed(below.get(site_id, []))]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the drawing."""
        width = max((x for x, _ in self.at.values()), default=0) + STEP + 3 * MARGIN
        return width, 2 * MARGIN + len(self.at) * ROW


def as_svg(inventory: Inventory) -> str:
    """A picture that any browser shows; it asks for nothing from elsewhere."""
    places = _TreeLayout(inventory)
    width, height = places.size
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
        f"<title>{escape(inventory.province.name_vi)}</title>",
        f"<style>{_STYLE}</style>",
        *_paths(inventory, places),
        *_names(inventory, places),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _paths(inventory: Inventory, places: _TreeLayout) -> Iterator[str]:
    links = dict(all_links(inventory))
    for site_id, site in inventory.sites.items():
        if site.parent in places.at and site.parent is not None:
            link = links.pop(uplink_id(site_id), None)
            (x, y), (above_x, above_y) = places.at[site_id], places.at[site.parent]
            shape = f"M{above_x} {above_y} V{y} H{x}"
            yield _path(shape, "wan" if link else "", uplink_id(site_id), link)
    for link_id, link in links.items():
        a, b = (places.at.get(end.target.partition("/")[0]) for end in (link.a, link.b))
        if a is not None and b is not None:
            bend = max(a[0], b[0]) + BEND
            yield _path(
                f"M{a[0]} {a[1]} C{bend} {a[1]} {bend} {b[1]} {b[0]} {b[1]}", "other", link_id, link
            )


def _path(shape: str, style: str, link_id: str, link: Link | None) -> str:
    title = f"<title>{escape(f'{link_id}: {_told(link)}')}</title>" if link else ""
    return f'<path class="{style}" d="{shape}">{title}</path>'


def _names(inventory: Inventory, places: _TreeLayout) -> Iterator[str]:
    for site_id, (x, y) in places.at.items():
        site = inventory.sites[site_id]
        line = ""
        if site.uplink is not None:
            told = f"{site.uplink.carrier} {_bits(site.uplink.capacity)}"
            line = f' <tspan class="line">{escape(told)}</tspan>'
        yield f'<circle cx="{x}" cy="{y}" r="4"><title>{escape(site_id)}</title></circle>'
        yield f'<text x="{x + 8}" y="{y + 4}">{escape(site.name_vi)}{line}</text>'


def _told(link: Link) -> str:
    contract = f", {link.contract}" if link.contract else ""
    return f"{link.carrier} {_bits(link.capacity)}{contract}"


def _bits(value: float) -> str:
    for unit, size in (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"
