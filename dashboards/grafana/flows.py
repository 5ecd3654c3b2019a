"""PromQL of flows between the Party's and the State's network."""

from __future__ import annotations

_INFO = "on (flow) group_left (name_vi, name, from, to, expect, probe) netwatch_flow_info"

_SEEN = 'max by (from) (label_replace(netwatch_vantage_ok, "from", "$1", "vantage", "(.*)"))'
"""1 or 0 for each vantage: what a blind one saw before is not known now."""

_KNOWN = f"""(
  (flow:netwatch_flow:state * {_INFO}) * on (from) group_left () ({_SEEN})
  or flow:netwatch_flow:state * {_INFO}
)"""

_STATE = f'label_replace({_KNOWN}, "site", "$1", "to", "([^/]+)/.*")'

FLOW_RANK = f"""(
  ({_STATE} > 1) or ({_STATE} == 0) + 1 or ({_STATE} == 1) - 1
)"""
"""The keys of ``words.FLOWS`` for every flow of the inventory, with the site that is called."""

CELL_RANK = f"""max by (from, site) ({FLOW_RANK})
  * on (site) group_left (name_vi) netwatch_site_info"""
"""The worst of all flows from a vantage to a site; unknown is worse than as expected."""

OPENINGS = "resets((flow:netwatch_flow:state != bool 3)[{window}:15s])"
"""How often a path that must stay blocked was opened; to be formatted with a window.

An opening lasts until the path is blocked again, however often it is tried meanwhile.
"""
