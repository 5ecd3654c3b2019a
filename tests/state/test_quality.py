from __future__ import annotations

import pytest

from netwatch.state.quality import MIN_ECHOES, WINDOW, PathQuality


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
