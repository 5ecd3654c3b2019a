"""Border routers as vantages: who asks them, what they can measure, and what is said against it."""

from __future__ import annotations

from pathlib import Path

import pytest

from netwatch.core.check import Router
from netwatch.core.credential import CommunityCredential
from netwatch.core.params import RouterParams
from netwatch.inventory.load import load_inventory
from netwatch.inventory.plan import plan_checks
from tests.inventory.province import BASE, SCHEMAS, SECRETS, SITES, complaints, load, write


class AskParams(RouterParams):
    test: str = "gw"
    own: bool = False

    @property
    def writes(self) -> bool:
        return self.own

    def owned(self, collector: str, flow: str) -> AskParams:
        return self.model_copy(update={"test": f"{collector}'s {flow}"}) if self.own else self


@pytest.fixture(autouse=True)
def _router_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCHEMAS, "ask", AskParams)


BORDER = "vantages: {border: {site: an-lam, name_vi: Biên, router: router, asked_by: here}}\n"
FLOW = (
    "  {}: {{name_vi: F, from: {}, to: centre/router, expect: {},"
    " check: {{probe: {}, interval: 30s}}}}\n"
)


def flows(*lines: tuple[str, str, str, str]) -> str:
    return "flows:\n" + "".join(FLOW.format(*line) for line in lines)


GOOD = BORDER + flows(("f", "border", "pass", "ask"))


def test_the_collector_asks_the_router_with_the_credential_of_the_router(tmp_path: Path) -> None:
    inventory = load(tmp_path, GOOD)
    checks = plan_checks(inventory, SCHEMAS, SECRETS, "here")
    (check,) = (check for check in checks if check.flow)
    assert (check.site, check.target, check.address) == ("centre", "router", "10.16.0.1")
    assert check.via == Router("10.22.1.1", "here")
    assert isinstance(check.credential, CommunityCredential)
    assert inventory.flows["f"].vantage == "border"


def test_what_a_router_measures_is_the_way_back_of_what_we_measure(tmp_path: Path) -> None:
    there = FLOW.format("there", "here", "pass", "icmp").replace("expect", "back: f, expect")
    assert load(tmp_path, GOOD + there).flows["there"].back == "f"


def test_another_collector_does_not_ask_it(tmp_path: Path) -> None:
    more = GOOD + FLOW.format("g", "there", "pass", "icmp")
    more = more.replace("vantages: {", "vantages: {there: {site: an-lam, name_vi: Kia}, ")
    inventory = load(tmp_path, more)
    checks = plan_checks(inventory, SCHEMAS, SECRETS, "there")
    assert {check.flow for check in checks} == {None, "g"}


def test_a_border_is_not_crossed_from_a_router(tmp_path: Path) -> None:
    party = (
        "networks: {party: {name_vi: Đảng, name: Party}}\n"
        "borders:\n"
        "  b: {name_vi: B, from: [state], to: [party], forbidden_ports: [22], services:\n"
        "    [{name_vi: W, roles: [codec], check: {probe: tcp, port: 443, interval: 30s}}]}\n"
    )
    site = "  uy: {tier: commune, network: party, name_vi: Ủy, targets: {codec: 10.18.0.20}}\n"
    write(tmp_path, base=BASE, sites=SITES + site, more=GOOD, party=party)
    inventory = load_inventory(tmp_path, SCHEMAS)
    assert {flow.vantage for id_, flow in inventory.flows.items() if id_ != "f"} == {"here"}


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (
            BORDER.replace(", asked_by: here", ""),
            "more.yaml:1: border: router and asked_by belong together; write both, or neither",
        ),
        (
            BORDER.replace("asked_by: here", "asked_by: her"),
            "more.yaml:1: vantage 'her' does not exist; did you mean here?",
        ),
        (
            BORDER.replace("router: router", "router: rooter"),
            "more.yaml:1: site an-lam has no target 'rooter'; did you mean router?",
        ),
        (
            BORDER.replace("asked_by: here", "asked_by: border"),
            "more.yaml:1: border is a router itself; name a vantage where a collector stands",
        ),
        (
            BORDER.replace("router: router", "router: codec"),
            "more.yaml:1: no credential for an-lam/codec; write snmp: <credential> there",
        ),
        (
            BORDER + flows(("f", "border", "pass", "icmp")),
            "more.yaml:3: probe icmp: border is a router, which can only be asked; use ask",
        ),
        (
            flows(("f", "here", "pass", "ask")),
            "more.yaml:2: probe ask: here is no router; add router and asked_by to that vantage",
        ),
        (
            BORDER + flows(("f", "border", "blocked", "ask")),
            "more.yaml:3: nothing proves that border reaches anything at all; add a flow from it",
        ),
        (
            GOOD + FLOW.format("g", "border", "blocked, by: drop", "ask, test: other"),
            "more.yaml:4: a router can't tell by; remove it",
        ),
        (
            GOOD + FLOW.format("g", "border", "blocked, control: an-lam/codec", "ask, test: other"),
            "more.yaml:4: a router can't tell control; remove it",
        ),
    ],
)
def test_mistakes_are_reported_with_their_place(tmp_path: Path, more: str, complaint: str) -> None:
    (line,) = complaints(tmp_path, more)
    assert line.startswith(complaint)


def test_a_class_does_not_ask_routers(tmp_path: Path) -> None:
    base = BASE.replace("{probe: icmp, interval: 10s}", "{probe: ask, interval: 10s}")
    (line,) = complaints(tmp_path, base=base)
    assert line.startswith("base.yaml:23: probe ask is for flows from a router; write one under")


OWN = flows(("f", "border", "pass", "ask, own: true"))
WRITING = BORDER.replace("asked_by: here", "asked_by: here, writes: core")


def test_who_may_write_is_another_than_who_reads(tmp_path: Path) -> None:
    inventory = load(tmp_path, WRITING + OWN)
    (check,) = (c for c in plan_checks(inventory, SCHEMAS, SECRETS, "here") if c.flow)
    assert check.via is not None
    assert check.via.writer is not None
    assert check.via.writer.user == "netwatch"
    assert isinstance(check.credential, CommunityCredential)
    assert check.params == AskParams(test="here's f", own=True)


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (
            BORDER + OWN,
            "more.yaml:3: f wants an operation of its own at border, where nobody may write; add",
        ),
        (
            WRITING.replace("core", "wan") + OWN,
            "more.yaml:1: wan may not write: only SNMP v3 with authentication and privacy may",
        ),
        (
            WRITING.replace("core", "old")
            + "credentials:\n  old: {version: 3, user: u, auth_key: k, priv_protocol: none,"
            " legacy: true}\n" + OWN,
            "more.yaml:1: old may not write: only SNMP v3 with authentication and privacy may",
        ),
        (
            WRITING.replace("core", "coer") + OWN,
            "more.yaml:1: credential 'coer' does not exist; did you mean core?",
        ),
        (
            "vantages: {x: {site: an-lam, name_vi: X, writes: core}}",
            "more.yaml:1: x: writes is for a router; remove it",
        ),
        (
            WRITING
            + flows(
                *((f"f-{n}", "border", "pass", f"ask, own: true, test: t{n}") for n in range(11))
            ),
            "more.yaml:13: 11 operations of our own at border; at most 10",
        ),
    ],
)
def test_mistakes_of_writing_are_reported_with_their_place(
    tmp_path: Path, more: str, complaint: str
) -> None:
    (line,) = complaints(tmp_path, more)
    assert line.startswith(complaint)
