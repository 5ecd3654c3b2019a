from __future__ import annotations

import numpy as np
import pytest

from netwatch.state.quality import MIN_ECHOES, WINDOW, PathQuality, Qualities


def test_nothing_is_known_before_the_first_echo() -> None:
    quality = PathQuality()
    assert quality.loss_ratio is None
    assert quality.round_trip is None
    assert quality.jitter is None


def test_loss_is_the_share_of_the_last_window() -> None:
    quality = PathQuality()
    for _ in range(WINDOW):
        quality.loss()
    for _ in range(WINDOW - 15):
        quality.reply(0.01)
    assert quality.loss_ratio == pytest.approx(15 / WINDOW)


def test_jitter_is_the_running_mean_of_rfc_3550() -> None:
    quality = PathQuality()
    expected = 0.0
    previous = 0.0
    for number, round_trip in enumerate((0.010, 0.014, 0.011, 0.020)):
        quality.reply(round_trip)
        if number:
            expected += (abs(round_trip - previous) - expected) / 16
        previous = round_trip
    assert quality.jitter == pytest.approx(expected)


@pytest.mark.parametrize(
    ("late", "is_judged"),
    [
        ({27}, False),
        ({24, 27}, False),  # twice: the collector may have stood still
        ({21, 24, 27}, True),
        (set(range(1, 30, 2)), True),
    ],
)
def test_jitter_is_judged_where_more_than_two_echoes_make_it(
    late: set[int], *, is_judged: bool
) -> None:
    quality = PathQuality()
    for number in range(30):
        quality.reply(0.71 if number in late else 0.01)
    assert quality.jitter is not None
    assert quality.jitter > 0.03
    judged = quality.judged_jitter(0.03)
    assert judged == (quality.jitter if is_judged else None)
    limits = np.array([[1.0, 10.0, 0.03]])
    assert quality._of.are_beyond(np.array([0]), limits).tolist() == [is_judged]


@pytest.mark.parametrize(("late", "is_judged"), [(1, False), (2, False), (3, True), (25, True)])
def test_a_mean_is_judged_where_more_than_two_echoes_make_it(late: int, *, is_judged: bool) -> None:
    quality = PathQuality()
    for number in range(30):
        quality.reply(0.7 if number >= 30 - late else 0.002)
    assert quality.round_trip is not None
    assert quality.round_trip > 0.02
    assert quality.judged_round_trip(0.02) == (quality.round_trip if is_judged else None)
    limits = np.array([[1.0, 0.02, 10.0]])
    assert quality._of.are_beyond(np.array([0]), limits).tolist() == [is_judged]


def test_steps_are_counted_among_the_round_trips_there_are() -> None:
    """The ring begins anew in its middle, and what is left of before is none of them."""
    quality = PathQuality()
    for number in range(27):
        quality.reply(0.5 * (number % 2))
    quality.forget()
    for round_trip in (0.01, 0.5, 0.01):
        quality.reply(round_trip)
    assert quality._of.steps_beyond(np.array([0]), np.array([0.03])).tolist() == [2]


def test_old_round_trips_are_not_shown_for_a_silent_path() -> None:
    quality = PathQuality()
    quality.reply(0.01)
    quality.loss()
    quality.loss()
    assert quality.round_trip == pytest.approx(0.01)
    quality.loss()
    assert quality.round_trip is None


def test_a_few_echoes_are_not_judged() -> None:
    quality = PathQuality()
    for _ in range(MIN_ECHOES - 1):
        quality.loss()
    assert not quality.is_judged
    quality.loss()
    assert quality.is_judged


@pytest.mark.parametrize(
    ("echoes", "is_beyond"),
    [
        ("!" * 57 + "...", False),  # silence: it is judged as such, not as loss
        ("!" * 56 + "...!", True),
        ("!" * 19 + ".!", False),  # one echo is chance
        ("!" * 18 + "..!", True),
        (".!" * 9 + "!" * 40, True),
    ],
)
def test_loss_is_judged_by_what_has_ended_and_is_more_than_one(
    echoes: str, is_beyond: bool
) -> None:
    qualities, row = Qualities(1), np.zeros(1, np.int64)
    for echo in echoes:
        if echo == "!":
            qualities.reply(row, np.array([0.01]))
        else:
            qualities.loss(row)
    limits = np.array([[0.02, 1e9, 1e9]])
    assert bool(qualities.are_beyond(row, limits)[0]) is is_beyond
    judged = PathQuality(qualities).judged_loss_ratio
    assert judged is not None
    assert (judged > 0.02) is is_beyond
