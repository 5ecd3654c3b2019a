"""What single panels say in the scenes that they are for."""

from __future__ import annotations

import re

import pytest

from tests.dashboards.history import scenes
from tests.dashboards.rendered.grafana import Job, Looked, look
from tests.dashboards.rendered.scene_jobs import MOMENTS
from tests.harness.prometheus import Prometheus

pytestmark = pytest.mark.slow

LOOKS = (
    *(("netwatch-province", scene) for scene in MOMENTS),
    *(("netwatch-links", scene) for scene in ("calm", "cut", "several")),
    *(("netwatch-meetings", scene) for scene in ("calm", "meeting")),
    *(("netwatch-exchange", scene) for scene in ("calm", "several")),
    ("netwatch-site", "cut"),
)


@pytest.fixture(scope="module")
def looked(history: Prometheus) -> dict[str, Looked]:
    return look(
        [Job(f"{uid}-{scene}", uid, history.url, scenes.at(MOMENTS[scene])) for uid, scene in LOOKS]
    )


def told(looked: dict[str, Looked], name: str, title: str) -> str:
    """All that a panel shows."""
    (found,) = (each for each in looked[name].of("shown") if each.startswith(f"{title} /"))
    return found.partition(": ")[2]


def test_what_is_behind_a_cause_has_no_row_of_its_own(looked: dict[str, Looked]) -> None:
    incidents = told(looked, "netwatch-province-cut", "Chi tiết sự cố")
    assert incidents.count("thanh-ha") == 2  # the id of the line, and that of the site
    others = told(looked, "netwatch-province-cut", "Điểm khác không thông suốt")
    assert "Sở Xây dựng" in others
    assert "Thanh Hà" not in others
    assert "không tới được" not in others


def test_nothing_old_stands_beside_a_line_that_is_cut(looked: dict[str, Looked]) -> None:
    shown = told(looked, "netwatch-links-several", "Đường truyền").split(" | ")
    assert "đường bị đứt / line is cut" in shown
    assert shown.count("đường bị đứt / line is cut") == 2
    rows = len(scenes.shipped().sites)
    used = shown[6 * rows : 8 * rows]  # columns come one after the other
    at_cut_lines = [used[number] for number, state in enumerate(shown[:rows]) if "cut" in state]
    assert {*at_cut_lines} == {"–"}


def test_lines_open_on_one_that_has_something_to_show(looked: dict[str, Looked]) -> None:
    for scene in ("calm", "several"):
        assert looked[f"netwatch-links-{scene}"].of("blank") == []


def test_each_opening_counts_once(looked: dict[str, Looked]) -> None:
    (opened,) = (
        each
        for each in looked["netwatch-exchange-several"].queries
        if "sum(resets(" in each["query"]
    )
    assert opened["series"] == 1


def test_a_meeting_that_is_held_is_announced(looked: dict[str, Looked]) -> None:
    held = told(looked, "netwatch-meetings-meeting", "Đang họp, còn lại")
    assert held == "Giao ban trực tuyến tỉnh - huyện"
    following = told(looked, "netwatch-meetings-meeting", "Tiếp theo, bắt đầu sau")
    assert following == "Giao ban trực tuyến huyện Tứ Kỳ - xã"
    nothing = told(looked, "netwatch-meetings-calm", "Đang họp, còn lại")
    assert nothing == "Không có cuộc họp nào / no meeting now"


def test_when_all_is_well_the_wall_says_so(looked: dict[str, Looked]) -> None:
    shown = told(looked, "netwatch-province-calm", "Sự cố đang mở")
    assert shown == "Không có sự cố nào / nothing is broken"


def test_the_worst_site_is_opened_first(looked: dict[str, Looked]) -> None:
    asked = " ".join(each["query"] for each in looked["netwatch-site-cut"].queries)
    assert re.search(r'site="thanh-ha"', asked)
