"""Names are kept apart, and cells come and go."""

from __future__ import annotations

import math

import pytest

from netwatch.metrics import Registry


def test_a_cell_is_made_once() -> None:
    family = Registry().gauge("netwatch_test", "help", ("site", "target"))
    assert family.cell("a", "b") is family.cell("a", "b")
    assert family.cell("a", "b") is not family.cell("b", "a")
    assert len(family) == 2


def test_removed_series_leave_and_start_again() -> None:
    family = Registry().counter("netwatch_test_total", "help", ("site",))
    family.cell("a").inc(3)
    family.remove("a")
    family.remove("a")
    assert len(family) == 0
    assert family.cell("a").value == 0
    family.clear()
    assert len(family) == 0


def test_wrong_number_of_label_values() -> None:
    family = Registry().gauge("netwatch_test", "help", ("site",))
    with pytest.raises(ValueError, match="netwatch_test has the labels"):
        family.cell("a", "b")


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a b", "é", "a\n"])
def test_bad_metric_names(name: str) -> None:
    with pytest.raises(ValueError, match="is not a metric name"):
        Registry().gauge(name, "help")


@pytest.mark.parametrize("labels", [("a-b",), ("__name",), ("a", "a"), ("a:b",), ("",)])
def test_bad_label_names(labels: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="label names must be"):
        Registry().gauge("netwatch_test", "help", labels)


def test_a_name_is_taken_once() -> None:
    registry = Registry(reserved=["netwatch_build_info"])
    registry.histogram("netwatch_test_seconds", "help")
    for name in ("netwatch_build_info", "netwatch_test_seconds", "netwatch_test_seconds_sum"):
        with pytest.raises(ValueError, match="already on the page"):
            registry.gauge(name, "help")
    registry.gauge("netwatch_x_count", "help")
    with pytest.raises(ValueError, match="already on the page: netwatch_x_count"):
        registry.histogram("netwatch_x", "help")


@pytest.mark.parametrize(
    "buckets", [(), (1.0, 1.0), (2.0, 1.0), (-1.0, 1.0), (1.0, math.inf), (math.nan,)]
)
def test_bad_buckets(buckets: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="bucket bounds must grow"):
        Registry().histogram("netwatch_test", "help", buckets=buckets)


def test_le_belongs_to_the_buckets() -> None:
    with pytest.raises(ValueError, match="label le"):
        Registry().histogram("netwatch_test", "help", ("le",))


def test_an_observation_must_be_a_number() -> None:
    cell = Registry().histogram("netwatch_test", "help").cell()
    with pytest.raises(ValueError, match="NaN"):
        cell.observe(math.nan)
