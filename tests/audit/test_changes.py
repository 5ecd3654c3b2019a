"""What is told of a changed inventory, field by field, and what is never told."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.audit.changes import InventoryChange, find_changes
from netwatch.audit.seen import LESS_TOLD, SeenInventory
from netwatch.audit.snapshot import snapshot_of
from netwatch.inventory.former_ids import former_ids
from netwatch.inventory.model import Inventory
from tests.harness.builders import make_flow_inventory, make_inventory


def changes(before: Inventory, after: Inventory) -> list[InventoryChange]:
    return list(find_changes(snapshot_of(before), snapshot_of(after)))


def with_section(section: str, content: dict[str, Any]) -> Inventory:
    return make_inventory(**{section: content})


WINDOW = {"reason": "Thay cáp", "starts": "2026-12-05 22:00", "for": "2h", "sites": ["an-lam"]}
LINK = {
    "a": {"target": "hd-dc/core"},
    "b": {"target": "nam-sach/router"},
    "carrier": "Viettel",
    "capacity": "100M",
}
CALENDAR = {
    "name_vi": "Lịch họp",
    "url": "https://mail.haiduong.gov.vn/private-7c1f9a/basic.ics",
    "address": "127.0.0.9",
    "level": "province",
}


@pytest.mark.parametrize(
    ("section", "kind", "entry", "changed", "field"),
    [
        ("maintenance", "maintenance", WINDOW, {"for": "3h"}, {"for": [7200.0, 10800.0]}),
        ("links", "link", LINK, {"carrier": "VNPT"}, {"carrier": ["Viettel", "VNPT"]}),
        ("calendars", "calendar", CALENDAR, {"level": "x"}, {"level": ["province", "x"]}),
    ],
)
def test_an_entry_is_added_changed_and_removed(
    section: str, kind: str, entry: dict[str, Any], changed: dict[str, Any], field: dict[str, Any]
) -> None:
    none, one = with_section(section, {}), with_section(section, {"e": entry})
    other = with_section(section, {"e": entry | changed})
    (added,) = changes(none, one)
    assert (added.what, added.subject) == ("added", f"{kind}:e")
    (removed,) = changes(one, none)
    assert (removed.what, removed.subject) == ("removed", f"{kind}:e")
    assert removed.details == added.details
    assert changes(one, other) == [InventoryChange("changed", kind, "e", field)]
    assert changes(one, with_section(section, {"e": entry})) == []


def test_every_section_of_an_inventory_is_compared() -> None:
    told = snapshot_of(make_inventory())
    named = {"province", "ranges", "canaries", "preflight"}
    assert set(told["inventory"]) == named
    assert set(told) - {"target", "inventory"} == {
        *("flow", "border", "link", "site", "class", "calendar", "maintenance", "meeting"),
        *("contract", "carrier", "vantage", "credential", "login", "objective", "tier", "network"),
    }


def test_a_target_is_told_as_itself_and_not_as_a_change_of_its_site() -> None:
    before = make_inventory()
    sites: dict[str, Any] = {
        id_: site.model_dump(by_alias=True, exclude_none=True) for id_, site in before.sites.items()
    }
    sites["nam-sach"]["targets"]["router"] = {"address": "127.1.1.9", "role": "router"}
    del sites["nam-sach"]["targets"]["codec"]
    removed, changed = changes(before, make_inventory(sites=sites))
    assert (removed.what, removed.subject) == ("removed", "target:nam-sach/codec")
    assert removed.details["address"] == "127.1.1.20"
    assert (changed.subject, changed.details) == (
        "target:nam-sach/router",
        {"address": ["127.1.1.1", "127.1.1.9"]},
    )


def test_a_changed_secret_is_told_as_changed_and_a_path_that_opens_a_calendar_is_not_told() -> None:
    def credential(community: str) -> Inventory:
        return with_section("credentials", {"lan": {"version": "2c", "community": community}})

    assert changes(credential("qwerty1"), credential("qwerty2"))[0].details == {
        "community": "changed"
    }
    for change in changes(make_inventory(), credential("qwerty1")):
        assert "qwerty1" not in str(change)
    for change in changes(make_inventory(), with_section("calendars", {"c": CALENDAR})):
        assert "private-7c1f9a" not in str(change)
        assert change.details["url"] == "https://mail.haiduong.gov.vn/…"


@pytest.mark.parametrize(
    ("after", "less"),
    [
        (make_inventory(), True),
        (make_flow_inventory("pass"), True),
        (make_flow_inventory("blocked", owner="Phòng Hạ tầng"), False),
        (
            make_flow_inventory("blocked", schedule={"starts": "2026-01-01 08:00", "for": "1h"}),
            True,
        ),
    ],
    ids=["removed", "now expected to pass", "another owner", "only for an hour"],
)
def test_a_forbidden_flow_that_is_no_longer_watched_is_told(after: Inventory, less: bool) -> None:
    told = [c for c in changes(make_flow_inventory("blocked"), after) if c.kind == "flow"]
    assert [change.forbids_less for change in told] == [less]


def test_a_removed_flow_that_had_to_pass_is_no_warning() -> None:
    told = changes(make_flow_inventory("pass"), make_inventory())
    assert not any(change.forbids_less for change in told)


def test_what_was_changed_while_nothing_ran_is_told_by_the_next_run(tmp_path: Any) -> None:
    path = tmp_path / "seen.jsonl"
    first = SeenInventory(path)
    first.open()
    assert first.see(snapshot_of(make_flow_inventory("blocked"))) == ()
    assert path.stat().st_mode & 0o777 == 0o600
    second = SeenInventory(path)
    second.open()
    assert "flow:f" in [each.subject for each in second.see(snapshot_of(make_inventory()))]
    assert list(second.less) == ["f"]
    third = SeenInventory(path)
    third.open()
    assert list(third.less) == ["f"]
    assert third.see(snapshot_of(make_inventory())) == ()
    third.see(snapshot_of(make_flow_inventory("blocked")))
    assert third.less == {}


def test_a_warning_ends_after_its_time(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = SeenInventory()
    seen.see(snapshot_of(make_flow_inventory("blocked")))
    seen.see(snapshot_of(make_inventory()))
    assert list(seen.removed_forbidden()) == ["f"]
    (at,) = seen.less.values()
    monkeypatch.setattr("time.time", lambda: at + LESS_TOLD + 1)
    assert seen.removed_forbidden() == {}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"f": "x"}', b"{}\n[1, 2, 3]", b"{}\n\n", b"\xff", b"[" * 99999]
)
def test_a_damaged_file_is_logged_and_begun_anew(
    tmp_path: Any, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "seen.jsonl"
    path.write_bytes(content)
    seen = SeenInventory(path)
    seen.open()
    assert "is damaged" in caplog.text
    assert seen.see(snapshot_of(make_inventory())) == ()
    again = SeenInventory(path)
    again.open()
    assert again.see(snapshot_of(make_inventory())) == ()
    assert caplog.text.count("is damaged") == 1


def test_a_directory_that_cannot_be_written_changes_nothing_else(
    tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    seen = SeenInventory(tmp_path / "no-such" / "seen.jsonl")
    seen.open()
    seen.see(snapshot_of(make_flow_inventory("blocked")))
    assert len(seen.see(snapshot_of(make_inventory()))) > 0
    assert "can't be written" in caplog.text


def test_a_renamed_forbidden_flow_forbids_as_much() -> None:
    """Neither its own new id nor that of whom it calls is a flow that was removed."""

    def inventory(site: str, flow: str, **more: Any) -> Inventory:
        sites = {
            id_: each.model_dump(by_alias=True, exclude_none=True)
            for id_, each in make_inventory().sites.items()
        }
        moved = sites.pop("nam-sach")
        sites[site] = {**moved, **({"formerly": ["nam-sach"]} if site != "nam-sach" else {})}
        for each in sites.values():
            if each.get("parent") == "nam-sach":
                each["parent"] = site
        check = {"probe": "tcp", "port": "22", "interval": "15s", "timeout": "3s"}
        told = {"name_vi": "Cấm", "from": "here", "to": f"{site}/router", "expect": "blocked"}
        return make_inventory(sites=sites, flows={flow: {**told, "check": check, **more}})

    before = inventory("nam-sach", "no-ssh")
    after = inventory("thai-tan", "no-admin", formerly=["no-ssh"])
    found = list(find_changes(snapshot_of(before), snapshot_of(after), former_ids(after)))
    assert not [each for each in found if each.what != "changed" or each.forbids_less]
    assert "flow:no-admin" in {each.subject for each in found}
    without = list(find_changes(snapshot_of(before), snapshot_of(after)))
    assert [each.id for each in without if each.forbids_less] == ["no-ssh"]
