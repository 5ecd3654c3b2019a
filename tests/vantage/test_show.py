"""What the firewall was told to do, beside what both vantages say of it at the centre."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from netwatch import probes
from netwatch.inventory.load import load_inventory
from tests.harness.namespaces import told_by
from tests.harness.requirements import require_tool
from tests.vantage import provinces

pytestmark = pytest.mark.slow

NAMING = {"name", "name_vi", "address", "carrier", "contract", "purpose", "owner", "reference"}
"""Keys of an inventory whose values are for those who may read it."""


@pytest.fixture(scope="module")
def show() -> dict[str, Any]:
    require_tool("prometheus")
    require_tool("openssl")
    return told_by("tests.vantage.show")


def record(show: dict[str, Any], metric: str, flow: str) -> list[tuple[float, float]]:
    """Every time and value of a flow's series at the centre."""
    [samples] = [
        samples
        for labels, samples in show["record"].items()
        if _label(labels, "__name__") == metric and _label(labels, "flow") == flow
    ]
    return [(at, float(value)) for at, value in samples]


@pytest.mark.parametrize("flow", provinces.FLOWS)
def test_the_record_is_what_the_script_did(show: dict[str, Any], flow: str) -> None:
    """From each step's end to the next one's begin it says so, in the outage too."""
    steps = [step for step in show["steps"] if step["flow"] == flow]
    said = record(show, "netwatch_flow_as_expected", flow)
    begins = [*(step["begin"] for step in steps), show["back"]]
    assert {value for at, value in said if at < begins[0]} <= {1}
    assert said
    for step, end in zip(steps, begins[1:], strict=True):
        turned = [value for at, value in said if step["begin"] < at <= step["end"]]
        assert turned[-1:] == [step["expected"]], step
        assert {value for at, value in said if step["end"] < at < end} <= {step["expected"]}, step


def test_what_passed_that_must_not_is_counted_for_ever(show: dict[str, Any]) -> None:
    opened = {step["flow"] for step in show["steps"] if step["what"].startswith("open")}
    assert opened == {"no-desktop", "f105"}
    for flow in provinces.FLOWS:
        counted = [value for _, value in record(show, "netwatch_flow_violations_total", flow)]
        assert (counted[-1] > 0) == (flow in opened), flow
        assert counted == sorted(counted)


def test_how_it_was_blocked_is_told(show: dict[str, Any]) -> None:
    """Silence, or a reset in place of a connection, from either side."""
    told = {
        (flow, block)
        for labels in show["record"]
        for flow, block in [(_label(labels, "flow"), _label(labels, "block"))]
        if block
    }
    assert told == {
        *(("no-desktop", "drop"), ("documents", "reject")),
        *(("f102", "drop"), ("f104", "drop"), ("f105", "drop")),
    }


def _label(labels: str, name: str) -> str:
    return dict(pair.split("=", 1) for pair in labels.split(" ")).get(name, "")


def test_nothing_is_lost_in_three_hours_without_the_centre(show: dict[str, Any]) -> None:
    """Every sample that the agent wrote is at the centre, with its time and its value."""
    assert set(show["arrived"]) == set(show["sent"])
    for series, sent in show["sent"].items():
        arrived = show["arrived"][series]
        assert [each for each in sent if each not in arrived] == [], f"lost of {series}"
        assert [each for each in arrived if each not in sent] == [], f"made up of {series}"
    flows = [series for series in show["sent"] if "netwatch_flow_as_expected" in series]
    assert len(flows) == len(provinces.PARTY_FLOWS)
    for series in flows:
        meanwhile = [at for at, _ in show["arrived"][series] if show["gone"] < at < show["back"]]
        assert len(meanwhile) > 5


def test_what_came_last_is_what_the_daemon_says(show: dict[str, Any]) -> None:
    """No counter ends behind that of the daemon, but for what was counted since."""
    for flow in provinces.PARTY_FLOWS:
        [line] = [
            line
            for line in show["page"].splitlines()
            if line.startswith("netwatch_flow_violations_total{") and f'flow="{flow}"' in line
        ]
        assert record(show, "netwatch_flow_violations_total", flow)[-1][1] == float(
            line.split()[-1]
        )


def test_no_name_and_no_address_of_the_party_side_crosses(show: dict[str, Any]) -> None:
    schemas = {name: kind.params for name, kind in probes.kinds().items()}
    inventory = load_inventory(provinces.SHIPPED.parent, schemas)
    told = inventory.model_dump(exclude={"sites", "tiers", "networks"})
    told["sites"] = [
        site.model_dump() for site in inventory.sites.values() if site.network == "party"
    ]
    names = set(named(told))
    assert {"Văn phòng Tỉnh ủy Hải Dương", "Thành ủy Hải Dương", "10.18.1.10", "VNPT"} <= names
    assert any(name in show["page"] for name in names), "the daemon itself tells them"
    received = json.dumps([show["labels"], show["metadata"]], ensure_ascii=False).casefold()
    assert [name for name in names if name.casefold() in received] == []


def test_what_crosses_is_what_is_told(show: dict[str, Any]) -> None:
    sites = {series for series in show["sent"] if "netwatch_site_state" in series}
    assert sites == {
        f"__name__=netwatch_site_state site={site} vantage=party-office"
        for site in ("p283", "p417")
    }
    labels = {pair.partition("=")[0] for series in show["sent"] for pair in series.split(" ")}
    assert labels == {
        *("__name__", "vantage", "site"),
        *("flow", "from", "to", "expect", "block", "reason"),
    }


def named(node: Any, key: str = "") -> Iterator[str]:
    """Every name and address in a part of an inventory."""
    if isinstance(node, list):
        for each in node:
            yield from named(each)
    if isinstance(node, dict):
        for inner, value in node.items():
            yield from named(value, inner)
    elif isinstance(node, str) and key in NAMING:
        yield node
