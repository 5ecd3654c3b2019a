"""Names that leave an opaque network reveal nothing of who is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netwatch.inventory.rules.view import View
from netwatch.inventory.terms import OPAQUE
from netwatch.inventory.yaml import Mistake

_REMEDY = "use one or two letters and a number, as p017"


def opaque(view: View) -> Iterator[Mistake]:
    """Ids of sites, and of the flows and borders that are measured from there, are opaque.

    The targets of those flows are named outside as well, so they must not lie in an opaque network.
    """
    inventory = view.inventory
    closed = {name for name, network in inventory.networks.items() if network.opaque}
    inside = {site_id for site_id, site in inventory.sites.items() if site.network in closed}
    posts = {name for name, vantage in inventory.vantages.items() if vantage.site in inside}
    named = [
        *(("sites", site_id) for site_id in inside),
        *(("flows", name) for name, flow in inventory.flows.items() if flow.vantage in posts),
        *(("borders", name) for name, each in inventory.borders.items() if closed & {*each.source}),
    ]
    for section, entry_id in named:
        if not re.fullmatch(OPAQUE, entry_id):
            message = f"{entry_id!r} leaves an opaque network, so it must say nothing; {_REMEDY}"
            yield view.mistake(message, section, entry_id)
    for flow_id, flow in inventory.flows.items():
        if flow.vantage in posts and flow.to.partition("/")[0] in inside:
            yield _inside(view, flow.to, "flows", flow_id, "to")
    for border_id, border in inventory.borders.items():
        if closed & {*border.source} and closed & {*border.to}:
            yield _inside(view, ", ".join(closed & {*border.to}), "borders", border_id, "to")


def _inside(view: View, called: str, *path: str) -> Mistake:
    message = f"{called} is in an opaque network, and who is called is told outside; call another"
    return view.mistake(message, *path)
