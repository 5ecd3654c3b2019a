"""A site that comes and goes is told from one that goes once, however unevenly it is heard."""

from __future__ import annotations

from netwatch.state.flapping import MIN_CHANGES, Flapping


def test_one_cut_is_no_flapping_though_what_is_said_changes_several_times() -> None:
    """Its devices are heard one after the other, as it goes and as it comes back."""
    flapping = Flapping()
    for began in (0.0, 25.0):
        for number in range(MIN_CHANGES):
            flapping.record(began + 0.3 * number)
    assert not flapping.is_on


def test_a_site_that_goes_and_comes_back_every_few_seconds_flaps() -> None:
    flapping = Flapping()
    for number in range(MIN_CHANGES):
        assert not flapping.is_on
        flapping.record(4.0 * number)
    assert flapping.is_on
