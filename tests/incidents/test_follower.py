"""One cause is one incident, from the first suspicion to the end."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from netwatch.incidents import follower as following
from netwatch.incidents.incident import MAX_ENTRIES, Kind, What
from netwatch.incidents.reader import Wanted, read_ended, read_open, read_story
from netwatch.incidents.store import find_kept
from netwatch.journal.file import NAME
from netwatch.journal.reader import read_events
from tests import journal
from tests.harness.builders import make_inventory
from tests.harness.incidents import ROUTER, Run, T, device, line, running


@pytest.fixture
def run(tmp_path: Path) -> Run:
    with running(tmp_path) as run:
        yield run


def told(run: Run, incident_id: str) -> list[str]:
    incident = run.follower.find(incident_id)
    assert incident is not None
    return [str(each.what) for each in incident.timeline]


def test_a_cut_is_one_incident_from_its_first_loss_to_its_end(run: Run) -> None:
    suspected = run.at(T + 3, line(T, is_certain=False))
    assert (suspected.is_suspected, suspected.named) == (True, T + 3)
    run.at(T + 8, line(T, "nam-sach"))
    run.at(T + 9, line(T, "nam-sach", "an-lam"))
    run.at(T + 100, line(T, "nam-sach"))
    over = run.at(T + 120)
    assert over is suspected
    assert (over.began, over.named, over.confirmed, over.ended) == (T, T + 3, T + 8, T + 120)
    assert (over.most, over.seconds(T + 500)) == (2, 120)
    assert {id_: each.seconds(T + 500) for id_, each in over.behind.items()} == {
        "nam-sach": 120,
        "an-lam": 100,
    }
    assert told(run, over.id) == [
        *("loss", "suspected", "confirmed", "site-down", "site-down", "site-back", "back")
    ]


def test_a_suspicion_that_is_cleared_leaves_nothing(run: Run) -> None:
    run.at(T + 3, line(T, is_certain=False))
    run.at(T + 5)
    assert not run.follower.open
    assert not run.follower.ended
    run.written()
    assert read_open(run.path) == []


def test_a_suspected_device_that_becomes_its_line_is_one_incident(run: Run) -> None:
    first = run.at(T + 3, device(T, is_certain=False))
    then = run.at(T + 8, line(T, "nam-sach"))
    assert (then is first, then.kind, then.carrier) == (True, Kind.LINE, "VNPT")
    other = run.at(T + 30, device(T, "nam-sach"))
    assert (other is first, other.kind, other.carrier) == (True, Kind.DEVICE, None)
    assert told(run, first.id)[-1] == "renamed"


def test_what_turns_out_to_be_explained_by_another_cause_is_merged_with_it(run: Run) -> None:
    commune = line(T, "an-lam", cause="link:an-lam-uplink", first=("an-lam", "router"))
    one = run.at(T + 8, commune)
    run.script.known, run.script.explanation = False, "link:nam-sach-uplink"
    run.at(T + 10, line(T + 1, "nam-sach"))
    assert run.follower.find(one.id) is None
    (incident,) = run.follower.open.values()
    assert (incident.began, set(incident.behind)) == (T, {"nam-sach", "an-lam"})
    run.written()
    assert [each.id for each in read_open(run.path)] == [incident.id]


def test_an_older_cut_stays_one_of_its_own_when_what_is_above_it_is_cut_too(run: Run) -> None:
    commune = line(T, "an-lam", cause="link:an-lam-uplink", first=("an-lam", "router"))
    run.at(T + 8, commune)
    run.script.known, run.script.explanation = False, "link:nam-sach-uplink"
    run.at(T + 900, line(T + 890, "nam-sach", "an-lam"))
    assert len(run.follower.open) == 2


def test_what_is_not_known_to_be_over_goes_on(run: Run) -> None:
    incident = run.at(T + 8, line(T, "nam-sach"))
    run.script.known = False
    run.at(T + 60)
    assert incident.ended is None
    run.at(T + 90, line(T, "nam-sach"))
    assert (incident.flaps, len(run.follower.open)) == (0, 1)


def test_what_comes_back_soon_is_the_same_incident(run: Run) -> None:
    first = run.at(T + 8, line(T, "nam-sach"))
    run.at(T + 20)
    run.at(T + 103, line(T + 100, is_certain=False))
    assert len(run.follower.open) == 1
    again = run.at(T + 108, line(T + 100, "nam-sach"))
    assert (again is first, again.flaps, again.ended) == (True, 1, None)
    assert len(run.follower.open) == 1
    over = run.at(T + 130)
    assert over.seconds(T + 999) == 20 + 30
    assert over.behind["nam-sach"].seconds(T + 999) == 20 + 30
    assert told(run, first.id)[-3:] == ["again", "site-down", "back"]


def test_what_comes_back_later_is_another_incident(run: Run) -> None:
    first = run.at(T + 8, line(T, "nam-sach"))
    run.at(T + 20)
    run.at(T + 21 + following.REOPEN_TIME)
    second = run.at(T + 400, line(T + 390, "nam-sach"))
    assert second.id != first.id
    assert second.flaps == 0


def test_planned_work_begins_no_incident_and_is_told_of_one_that_goes_on(run: Run) -> None:
    run.at(T, line(T, is_excused=True))
    assert not run.follower.open
    incident = run.at(T + 10, line(T, "nam-sach"))
    run.at(T + 20, line(T, is_excused=True))
    run.at(T + 30, line(T, "nam-sach"))
    assert told(run, incident.id).count("maintenance") == 2
    assert incident.ended is None


def test_evidence_that_comes_later_is_kept_and_makes_a_power_cut(run: Run) -> None:
    incident = run.at(T + 8, line(T, "nam-sach"))
    power = {"power": {"target": "nam-sach/ups", "read": T}}
    run.at(T + 9, line(T, "nam-sach", kind=Kind.POWER, found=power))
    assert (incident.kind, len(run.follower.open)) == (Kind.POWER, 1)
    assert incident.evidence[0]["en"] == "UPS nam-sach/ups on battery"


def test_a_violation_that_becomes_a_break_is_another_incident(run: Run) -> None:
    flow = {"cause": "flow:f", "first": None}
    run.at(T, line(T, kind=Kind.VIOLATED, **flow))
    run.at(T + 90, line(T + 90, kind=Kind.BROKEN, **flow))
    assert [each.kind for each in run.follower.open.values()] == [Kind.BROKEN]
    assert [each.kind for each in run.follower.ended.values()] == [Kind.VIOLATED]


def test_names_and_carrier_stay_what_they_were(run: Run) -> None:
    incident = run.at(T + 8, line(T, "nam-sach"))
    run.follower.watch(make_inventory().model_copy(update={"sites": {}}))
    run.at(T + 9, line(T, "nam-sach", carrier="Viettel", contract="HD-2"))
    run.at(T + 20)
    run.written()
    story = read_story(run.path, incident.id)
    assert story is not None
    assert (story.carrier, story.contract) == ("VNPT", "HD-1")
    assert story.behind["nam-sach"].name_vi == "Huyện Nam Sách"


def test_it_is_exact_over_restarts(tmp_path: Path) -> None:
    with running(tmp_path) as run:
        first = run.at(T + 8, line(T, "nam-sach", "an-lam"))
        run.at(T + 50, line(T, "nam-sach"))
        run.written()
    with running(tmp_path, T + 60) as run:
        run.script.known = False
        run.at(T + 61)  # nothing was measured yet
        again = run.at(T + 65, line(T, "nam-sach"))
        assert again.id == first.id
        run.script.known = True
        run.at(T + 100)
        run.written()
    with running(tmp_path, T + 200) as run:
        back = run.at(T + 201, line(T + 200, "an-lam"))
        assert (back.id, back.flaps) == (first.id, 1)
        run.at(T + 220)
        run.written()
        story = read_story(run.path, first.id)
    assert story is not None
    assert [str(each.what) for each in story.timeline] == [
        *("loss", "confirmed", "site-down", "site-back", "back", "again", "site-down", "back")
    ]
    assert story.seconds(T + 999) == 100 + 20
    seconds = {id_: each.seconds(T + 999) for id_, each in story.behind.items()}
    assert seconds == {"nam-sach": 100, "an-lam": 50 + 20}
    assert (story.flaps, story.most, story.first) == (1, 2, ROUTER)


def test_the_timeline_of_one_that_flaps_all_day_is_bounded(run: Run) -> None:
    for round_ in range(MAX_ENTRIES):
        run.at(T + 100 * round_, line(T + 100 * round_, "nam-sach"))
        run.at(T + 100 * round_ + 50)
    (incident,) = run.follower.ended.values()
    assert incident.flaps == MAX_ENTRIES - 1
    kinds = [each.what for each in incident.timeline if each.what is not What.BACK]
    assert len(kinds) <= MAX_ENTRIES
    assert incident.timeline[-1].what is What.BACK


def test_open_incidents_are_bounded_and_what_is_left_out_is_counted(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MAX_OPEN", 3)
    causes = [line(T, cause=f"link:{n}", first=(str(n), "router")) for n in range(5)]
    run.at(T, *causes)
    assert (len(run.follower.open), run.follower.left_out) == (3, 2)


def test_what_ended_is_found_by_time_site_and_carrier(run: Run) -> None:
    incident = run.at(T + 8, line(T, "nam-sach", "an-lam"))
    run.at(T + 20)
    run.written()
    for wanted, is_found in (
        (Wanted(T), True),
        (Wanted(T + 30), False),
        (Wanted(T, site="an-lam"), True),
        (Wanted(T, site="hd-dc"), False),
        (Wanted(T, carrier="VNPT"), True),
        (Wanted(T, carrier="Viettel"), False),
        (Wanted(T, site="nam-sach", carrier="VNPT"), True),
    ):
        found, left_out = read_ended(run.path, wanted)
        assert [each.id for each in found] == [incident.id] * is_found
        assert left_out == 0


def test_a_journal_of_the_version_before_goes_on(tmp_path: Path) -> None:
    kept = Path(journal.__file__).parent / "kept" / "layout-2.sqlite"
    shutil.copy(kept, tmp_path / NAME)
    assert find_kept(tmp_path / NAME, 0.0) == []
    assert read_open(tmp_path / NAME) == []
    with running(tmp_path) as run:
        incident = run.at(T + 8, line(T, "nam-sach"))
        run.written()
    assert [each.id for each in read_open(tmp_path / NAME)] == [incident.id]
    assert len(read_events(tmp_path / NAME, "nam-sach", 0.0, 9)) == 4
