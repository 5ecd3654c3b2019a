"""The data of every dashboard where everything is odd, without a browser."""

from __future__ import annotations

import pytest

from tests.dashboards.rendered.grafana import Looked, look
from tests.dashboards.rendered.scene_jobs import small_jobs
from tests.harness.prometheus import Prometheus

NAMES = [job.name for job in small_jobs("")]


@pytest.fixture(scope="module")
def looked(small_history: Prometheus) -> dict[str, Looked]:
    return look(small_jobs(small_history.url))


@pytest.mark.parametrize("name", NAMES)
def test_no_panel_has_a_fault(looked: dict[str, Looked], name: str) -> None:
    assert looked[name].of("fault") == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_missing_where_nothing_should_be(looked: dict[str, Looked], name: str) -> None:
    assert looked[name].of("missing") == []


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_panel_says_why(looked: dict[str, Looked], name: str) -> None:
    for told in looked[name].of("blank"):
        why = told.partition(": ")[2]
        assert " / " in why
        if not name.endswith("-empty"):
            assert why != "không có số liệu / no data", told


def test_names_are_shown_as_they_are_written(looked: dict[str, Looked]) -> None:
    shown = " ".join(looked["netwatch-province-odd-cut"].of("shown"))
    assert """Trường 'Nguyễn Huệ' \\ "cơ sở 2" {a=~".*"}""" in shown
    assert "Trung tâm Phục vụ hành chính công, Hội đồng nhân dân và Ủy ban nhân dân Trung" in shown
    assert "Xã Thượng Quận" in shown


def test_without_rules_the_tiles_say_so(looked: dict[str, Looked]) -> None:
    blank = looked["netwatch-province-without-rules"].of("blank")
    assert "Khẩn cấp / Critical alerts: Chưa nạp quy tắc / rules not loaded" in blank
    assert any(told.startswith("Vi phạm / Violated") for told in blank)
