"""The JSON of the status page is written in pieces, whatever happens between two of them."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict
from itertools import takewhile
from time import monotonic, time

import numpy as np
import pytest

from netwatch.configuration import Configuration
from netwatch.core.echo import OK, EchoResults
from netwatch.core.result import Outcome, Reason
from netwatch.core.streams import is_stream
from netwatch.state.cause import BeyondLimit, Cause, CutLine, FailedProbe, Figure
from netwatch.web.json_text import json_text
from tests.harness.builders import (
    make_checks,
    make_configuration,
    make_inventory,
    make_parts,
    make_result,
)
from tests.harness.status_source import FakeSource

SITES = ',"sites":'


def test_pieces_make_the_whole() -> None:
    whole = FakeSource().status()
    sites = list(whole["sites"])
    whole["sites"] = iter(sites)
    whole["faults"] = iter(())
    pieces = list(json_text(whole))
    assert len(pieces) > len(sites)
    expected = json.dumps(whole | {"sites": sites, "faults": []}, default=asdict)
    assert json.loads("".join(pieces)) == json.loads(expected)


@pytest.mark.parametrize(
    ("cause", "written"),
    [
        (FailedProbe("icmp", Reason.TIMEOUT), {"probe": "icmp", "reason": "timeout"}),
        (BeyondLimit(Figure.LOSS, 0.25), {"figure": "loss", "value": 0.25}),
        (CutLine("an-lam-uplink"), {"line": "an-lam-uplink"}),
    ],
)
def test_a_cause_is_written_as_the_page_reads_it(cause: Cause, written: object) -> None:
    whole = FakeSource().status()
    site = next(iter(whole["sites"]))
    site["targets"][0]["cause"] = cause
    whole["sites"] = iter([site])
    shown = json.loads("".join(json_text(whole)))
    assert shown["sites"][0]["targets"][0]["cause"] == written


def test_a_reload_between_two_pieces_spoils_nothing() -> None:
    inventory = make_inventory()
    parts = make_parts(configured(inventory.sites.keys()))
    pieces = json_text(parts.pages.status())
    begin = [*takewhile(lambda piece: piece != SITES, pieces), SITES, next(pieces)]
    assert '"id":"hd-dc"' in begin[-1]
    parts.replace(configured({"hd-dc"}))
    shown = json.loads("".join([*begin, *pieces]))
    assert [site["id"] for site in shown["sites"]] == list(inventory.sites)
    assert [
        site["id"] for site in json.loads("".join(json_text(parts.pages.status())))["sites"]
    ] == ["hd-dc"]


def configured(sites: Collection[str]) -> Configuration:
    """The usual inventory with these sites only."""
    inventory = make_inventory()
    kept = {id_: site for id_, site in inventory.sites.items() if id_ in sites}
    inventory = inventory.model_copy(update={"sites": kept})
    return make_configuration(inventory, make_checks(inventory))


def test_a_second_fault_at_a_site_has_nothing_behind_it() -> None:
    core = {"role": "core"}
    targets = {name: {"address": f"127.1.0.{last}", **core} for last, name in enumerate("ab", 1)}
    site = {"tier": "commune", "name_vi": "Xã", "targets": targets}
    inventory = make_inventory(sites={"xa": site}, objectives={})
    checks = make_checks(inventory)
    parts = make_parts(make_configuration(inventory, checks))
    for turn in range(10):
        for check in checks:
            outcome = Outcome.SUCCESS if turn == 0 else Outcome.FAILURE
            parts.states.report(make_result(check, outcome, 5.0 * turn))
        parts.states.tick(5.0 * turn)
    shown = json.loads("".join(json_text(parts.pages.status())))
    assert {fault["root"]: fault["behind"] for fault in shown["faults"]} == {
        "target:xa/a": 0,
        "target:xa/b": 0,
    }


def test_no_site_is_down_on_a_page_that_lacks_the_fault() -> None:
    """Of a page that takes long to write, a fault may begin in the middle."""
    inventory = make_inventory()
    checks = make_checks(inventory)
    parts = make_parts(make_configuration(inventory, checks))

    def play(turns: range) -> None:
        for turn in turns:
            for check in checks:
                is_lost = turn > 0 and check.site == "an-lam"
                outcome = Outcome.FAILURE if is_lost else Outcome.SUCCESS
                parts.states.report(make_result(check, outcome, 5.0 * turn))
            parts.states.tick(5.0 * turn)

    play(range(2))
    pieces = json_text(parts.pages.status())
    begin = [*takewhile(lambda piece: piece != SITES, pieces), SITES]
    play(range(2, 10))
    shown = json.loads("".join([*begin, *pieces]))
    roots = {site["root"] for site in shown["sites"] if site["state"] == "down"}
    assert roots
    assert roots <= {fault["root"] for fault in shown["faults"]}


def test_a_path_that_is_longer_than_usual_is_told() -> None:
    inventory = make_inventory()
    checks = make_checks(inventory)
    parts = make_parts(make_configuration(inventory, checks))
    streams = [check for check in checks if is_stream(check)]
    rows, count = parts.streams.rows(streams), len(streams)
    begin = monotonic() - 600
    for moment, ttl in (begin, 62), (begin + 100, 60):
        trips, ttls = np.full(count, 0.004), np.full(count, 62, np.uint8)
        ttls[0] = ttl
        reasons, due = np.full(count, OK, np.uint8), np.full(count, moment)
        parts.collector.settled(EchoResults(rows, reasons, due, moment, trips, ttls))
        parts.longer_paths.tick(moment)
    shown = json.loads("".join(json_text(parts.pages.status())))
    (longer,) = shown["longer_paths"]
    assert longer.pop("since") == pytest.approx(time() - 500, abs=60)
    assert longer == {"site": streams[0].site, "target": streams[0].target, "hops": 2}
