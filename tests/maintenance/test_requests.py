"""What may be announced: places, times, rules, and what is announced already."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from netwatch.inventory.model import Inventory
from netwatch.maintenance.announcements import (
    MAX_ANNOUNCEMENTS,
    NAME,
    changing,
    parse_place,
    read_announcements,
)
from netwatch.maintenance.change import announce, end
from netwatch.maintenance.refused import MaintenanceError
from netwatch.maintenance.request import MAX_AHEAD, MaintenanceRequest
from netwatch.maintenance.when import parse_when
from netwatch.state.maintenance import scope_of
from tests.harness.builders import make_inventory

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOUR, DAY = 3600.0, 86400.0
LINKS = {
    name: {
        "a": {"target": "hd-dc/core"},
        "b": {"target": "nam-sach/router"},
        "carrier": carrier,
        "capacity": "100M",
    }
    for name, carrier in {"one": "Viettel", "two": "viettel ", "three": "VNPT"}.items()
}


@pytest.fixture
def inventory() -> Inventory:
    return make_inventory(links=LINKS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / NAME


def request(place: str = "nam-sach", **changes: Any) -> MaintenanceRequest:
    kind, name = parse_place(place)
    if not changes.keys() & {"lasts", "ends"}:
        changes["lasts"] = 2 * HOUR
    return MaintenanceRequest(**({"kind": kind, "name": name, "reason": "Thay cáp"} | changes))


def refused(path: Path, asked: MaintenanceRequest, inventory: Inventory) -> MaintenanceError:
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(MaintenanceError) as caught:
        announce(path, asked, inventory, "lan")
    assert (path.read_bytes() if path.exists() else None) == before
    assert len(str(caught.value).splitlines()) == 1
    assert caught.value.vi
    return caught.value


def test_a_branch_is_a_district_with_its_communes(inventory: Inventory) -> None:
    scope = scope_of(inventory, "branch", "nam-sach")
    assert scope is not None
    assert scope.sites == {"nam-sach", "an-lam"}
    top = scope_of(inventory, "branch", "hd-dc")
    assert top is not None
    assert top.sites == {"hd-dc", "nam-sach", "an-lam"}
    assert scope_of(inventory, "branch", "nowhere") is None


def test_a_carrier_is_one_however_it_is_spelled(inventory: Inventory) -> None:
    for name in ("Viettel", "viettel", "VIETTEL", " viettel "):
        scope = scope_of(inventory, "carrier", name)
        assert scope is not None
        assert scope.links == {"one", "two"}


def test_an_announcement_has_its_author_and_its_times(path: Path, inventory: Inventory) -> None:
    begins = time.time() + DAY
    asked = request("branch:nam-sach", begins=begins, lasts=2 * HOUR)
    done = announce(path, asked, inventory, "lan")
    assert read_announcements(path) == [done]
    assert (done.author, done.begins, done.ends) == ("lan", begins, begins + 2 * HOUR)
    until = announce(path, request("an-lam", lasts=None, ends=begins), inventory, "minh")
    assert until.ends == begins


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("nam-sac", "is not in the inventory; did you mean nam-sach?"),
        ("branch:an-lan", "did you mean an-lam?"),
        ("nam-sach/codek", "did you mean nam-sach/codec?"),
        ("nam-sac/router", "did you mean nam-sach/router?"),
        ("link:thre", "did you mean three?"),
        ("carrier:VNTP", "did you mean VNPT?"),
        ("zzzzzz", "give SITE, SITE/TARGET, branch:, link: or carrier:"),
        ("", "give SITE"),
    ],
)
def test_an_unknown_place_is_told_with_the_nearest(
    path: Path, inventory: Inventory, place: str, said: str
) -> None:
    error = refused(path, request(place), inventory)
    assert said in str(error)
    assert error.fault == "unknown"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"begins": 2 * HOUR, "lasts": None, "ends": HOUR}, "--until: is before the begin"),
        ({"begins": HOUR, "lasts": None, "ends": HOUR}, "--until: is before the begin"),
        ({"begins": -3 * HOUR, "lasts": 2 * HOUR}, "--until: is over already"),
        ({"lasts": 10 * 365 * DAY}, "--for: must be more than 0 and at most 31d"),
        ({"lasts": 0.0}, "--until: is before the begin"),
        ({"lasts": -5.0}, "--until: is before the begin"),
        ({"begins": 10 * 365 * DAY}, "--from: must be within a year"),
        ({"lasts": None, "ends": 10 * 365 * DAY}, "--for: must be more than 0 and at most 31d"),
        ({"lasts": None, "ends": None}, "--for: give either --for or --until"),
        ({"lasts": HOUR, "ends": HOUR}, "--for: give either --for or --until"),
        ({"repeat": "FREQ=DAILY"}, "--repeat: needs both --for and --until"),
        ({"repeat": "FREQ=HOURLY", "lasts": HOUR, "ends": DAY}, "--repeat: the rule repeats"),
        ({"repeat": "weekly", "lasts": HOUR, "ends": DAY}, "--repeat: 'weekly' is not a rule"),
        (
            {"repeat": "FREQ=DAILY", "lasts": 30 * HOUR, "ends": 9 * DAY},
            "--repeat: begins anew before it is over",
        ),
        (
            {"repeat": "FREQ=WEEKLY;BYDAY=SA", "lasts": HOUR, "ends": 10 * 365 * DAY},
            "--until: must be within a year",
        ),
        ({"reason": "a\nb"}, "--reason: "),
        ({"reason": ""}, "--reason: "),
        ({"reason": "x" * 1_000_000}, "--reason: "),
    ],
)
def test_times_that_make_no_sense_are_refused(
    path: Path, inventory: Inventory, changes: dict[str, Any], said: str
) -> None:
    now = time.time()
    moved = {
        key: now + value if key in {"begins", "ends"} and value is not None else value
        for key, value in changes.items()
    }
    error = refused(path, request(**moved), inventory)
    assert str(error).startswith(said)
    assert error.fault == "invalid"


def test_the_same_place_is_not_announced_twice_for_the_same_time(
    path: Path, inventory: Inventory
) -> None:
    now = time.time()
    first = announce(path, request("branch:nam-sach", begins=now + DAY), inventory, "lan")
    for place in ("branch:nam-sach", "nam-sach", "an-lam", "an-lam/router"):
        error = refused(path, request(place, begins=now + DAY + HOUR), inventory)
        assert f"is announced already as {first.id} (lan); end that first" in str(error)
        assert error.fault == "conflict"
    # Just behind it, just before it, or more than that: all of these are something else.
    announce(path, request("nam-sach", begins=first.ends), inventory, "minh")
    announce(path, request("nam-sach", begins=now, lasts=DAY - 1), inventory, "minh")
    announce(path, request("branch:hd-dc", begins=now + DAY), inventory, "minh")
    assert len({each.id for each in read_announcements(path)}) == 4


def test_what_is_ended_or_called_off_is_gone_and_told(path: Path, inventory: Inventory) -> None:
    announce(path, request("nam-sach"), inventory, "lan")
    coming = announce(path, request("an-lam", begins=time.time() + DAY), inventory, "lan")
    assert end(path, coming.id) == coming
    with pytest.raises(MaintenanceError, match="is not announced; did you mean announced-1"):
        end(path, coming.id)
    assert end(path, "announced-1").name == "nam-sach"
    with pytest.raises(MaintenanceError, match="run netwatch maintenance list"):
        end(path, "announced-1")


def test_a_full_list_is_told(path: Path, inventory: Inventory) -> None:
    one = announce(path, request("nam-sach"), inventory, "lan")
    with changing(path) as announcements:
        announcements += [
            one.model_copy(update={"id": f"a{n}", "name": f"n{n}"})
            for n in range(MAX_ANNOUNCEMENTS - 1)
        ]
    assert "entries already" in str(refused(path, request("an-lam"), inventory))


def test_a_file_of_the_version_before_is_read(path: Path) -> None:
    path.write_text(
        '[{"id": "announced-1", "kind": "site", "name": "an-lam", "begins": 1.5, "ends": 2.5,'
        ' "reason": "Thay cáp"}]'
    )
    (old,) = read_announcements(path)
    assert (old.author, old.repeat, old.lasts) == ("", None, None)


NOW = datetime(2026, 12, 5, 21, 30, tzinfo=ZONE).timestamp()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("05/12/2026 22:00", datetime(2026, 12, 5, 22, 0, tzinfo=ZONE)),
        ("2026-12-05 22:00", datetime(2026, 12, 5, 22, 0, tzinfo=ZONE)),
        ("22:00", datetime(2026, 12, 5, 22, 0, tzinfo=ZONE)),
        ("5:07", datetime(2026, 12, 6, 5, 7, tzinfo=ZONE)),
        ("21:30", datetime(2026, 12, 6, 21, 30, tzinfo=ZONE)),
    ],
)
def test_a_time_is_that_of_the_province(text: str, meant: datetime) -> None:
    assert parse_when(text, ZONE, NOW) == meant.timestamp()


@pytest.mark.parametrize(
    "text", ["", "soon", "25:00", "22", "12/31/2026 22:00", "05/12/9999 22:00", "05/12/26 22:00"]
)
def test_what_is_no_time_is_told_with_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a time; write day/month/year hour:minute"):
        parse_when(text, ZONE, NOW)


def test_a_year_ahead_is_the_furthest(path: Path, inventory: Inventory) -> None:
    announce(path, request(begins=time.time() + MAX_AHEAD - 60), inventory, "lan")
