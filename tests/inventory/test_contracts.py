"""Contracts with carriers, and the lines that are under them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from netwatch.export.contracts import ContractMetrics
from netwatch.export.exporter import Watched
from netwatch.inventory.contracts import AgreedHours, parse_hours
from netwatch.inventory.links import all_links
from netwatch.inventory.load import load_with_doubts
from netwatch.metrics import Registry, render
from tests.inventory.province import SCHEMAS, complaints, load

AGREED = """\
contracts:
  vnpt-2026:
    carrier: VNPT
    number: {number}
    availability: 99.5%
    hours: mon-fri 07:00-17:30
    repair: 4h
    start: 2026-01-01
    end: 2026-12-31
"""


SECOND = """\
links:
  second:
    a: {target: an-lam/router}
    b: {target: centre/router}
    carrier: VNPT
    contract: vnpt-2026
    capacity: 1G
"""


def test_a_line_may_name_the_number_as_ever(tmp_path: Path) -> None:
    inventory = load(tmp_path, AGREED.format(number="HD-1"))
    assert all_links(inventory)["an-lam-uplink"].contract == "HD-1"
    contract = inventory.contracts["vnpt-2026"]
    assert contract.hours == AgreedHours(frozenset(range(5)), 7 * 3600, 63_000)
    assert (contract.availability, contract.repair) == (0.995, 14_400)
    assert (contract.start, contract.end) == (date(2026, 1, 1), date(2026, 12, 31))


def test_the_carrier_may_be_spelled_otherwise(tmp_path: Path) -> None:
    inventory = load(tmp_path, AGREED.format(number="HD-1").replace("VNPT", "vnpt") + SECOND)
    assert inventory.contracts["vnpt-2026"].carrier == "VNPT"


def test_a_line_that_names_the_id_shows_the_number(tmp_path: Path) -> None:
    inventory = load(tmp_path, AGREED.format(number="HD-9") + SECOND)
    links = all_links(inventory)
    assert links["second"].contract == "HD-9"
    assert links["an-lam-uplink"].contract == "HD-1", "a text that is no id stays as it is"


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("hours", "17:30-07:00", "are no hours"),
        ("hours", "sun-mon 07:00-08:00", "are no hours"),
        ("hours", "07:00-24:30", "are no hours"),
        ("end", "2025-12-31", "before it starts"),
        ("end", "2026-13-01", "is not a date"),
        ("end", "31/12/2026", "is not a date"),
        ("availability", "0%", "must be more than 0%"),
        ("carrier", "Viettel", "is run by 'VNPT'"),
    ],
)
def test_what_cannot_be_is_told(key: str, value: str, told: str, tmp_path: Path) -> None:
    lines = [
        f"    {key}: {value}" if line.strip().startswith(f"{key}:") else line
        for line in AGREED.format(number="HD-1").splitlines()
    ]
    found = complaints(tmp_path, "\n".join(lines) + "\n" + SECOND)
    assert any(told in line for line in found), found


def test_a_number_stands_once(tmp_path: Path) -> None:
    twice = AGREED.format(number="HD-1") + "  again: {carrier: VNPT, number: HD-1}\n"
    (found,) = complaints(tmp_path, twice)
    assert "has the number 'HD-1' of contract vnpt-2026" in found


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("00:00-24:00", AgreedHours()),
        ("sat 08:00-12:00", AgreedHours(frozenset({5}), 28_800, 43_200)),
    ],
)
def test_hours_are_read(text: str, hours: AgreedHours) -> None:
    assert parse_hours(text) == hours


async def test_the_end_of_a_contract_is_the_midnight_after_its_last_day(tmp_path: Path) -> None:
    registry = Registry()
    inventory = load(tmp_path, AGREED.format(number="HD-1"))
    ContractMetrics(registry).watch(Watched.of(inventory))
    page = (await render(registry)).decode()
    labels = '{carrier="VNPT",contract="HD-1"}'
    assert f"netwatch_contract_end_timestamp_seconds{labels} 1.7987364e+09" in page
    assert f"netwatch_contract_agreed_availability_ratio{labels} 0.995" in page


CARRIERS = """\
carriers:
  vnpt-hd: {name: VNPT Hải Dương, phone: 0220 3 123 456}
sites:
  x:
    tier: commune
    parent: centre
    name_vi: X
    targets: {router: 10.22.3.1}
    uplink: {carrier: CARRIER, contract: agreed, capacity: 1M}
contracts:
  agreed: {carrier: vnpt-hd, number: HD-9}
"""


@pytest.mark.parametrize("name", ["vnpt-hd", "VNPT-HD", "vnpt hải  dương", "VNPT Hải Dương"])
def test_a_carrier_is_known_by_its_id_and_its_name(name: str, tmp_path: Path) -> None:
    inventory = load(tmp_path, CARRIERS.replace("CARRIER", name))
    uplink = inventory.sites["x"].uplink
    assert uplink is not None
    assert (uplink.carrier, uplink.contract) == ("VNPT Hải Dương", "HD-9")
    assert inventory.contracts["agreed"].carrier == "VNPT Hải Dương"


def test_names_that_may_mean_one_carrier_are_told(tmp_path: Path) -> None:
    lines = "".join(
        f"  {id_}: {{a: {{target: an-lam/router}}, b: {{target: centre/router}}, carrier: {name},"
        " capacity: 1G}\n"
        for id_, name in (("a", "Viettel"), ("b", "viettel"), ("c", "Vietel"), ("d", "FPT"))
    )
    load(tmp_path, f"links:\n{lines}")
    doubts = load_with_doubts(tmp_path, SCHEMAS).doubts
    assert [doubt.partition(":")[0] for doubt in doubts] == [
        "'Vietel' và / and 'Viettel'",
        "'Vietel' và / and 'viettel'",
        "'Viettel' và / and 'viettel'",
    ]
    assert "one carrier" in doubts[-1]


def test_two_carriers_of_one_name_are_refused(tmp_path: Path) -> None:
    text = "carriers:\n  a: {name: VNPT}\n  b: {name: vnpt}"
    assert complaints(tmp_path, text) == [
        "more.yaml:3: has the name 'vnpt' of carrier a; each carrier stands once"
    ]
