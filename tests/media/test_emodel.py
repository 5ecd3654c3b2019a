"""The E-model against values that others have published."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.media.emodel import CODECS, mean_opinion, rating

# ITU-T G.107, Annex B, Table B.1: rating and mean opinion score.
TABLE_B1 = [(90, 4.34), (80, 4.03), (70, 3.60), (60, 3.10), (50, 2.58)]


@pytest.mark.parametrize(("rated", "score"), TABLE_B1)
def test_scores_are_those_of_g107(rated: float, score: float) -> None:
    assert mean_opinion(rated) == pytest.approx(score, abs=0.01)


def test_the_default_values_give_the_default_rating() -> None:
    best = rating(CODECS["g711"], delay=0, loss=0)  # G.107, section 7.7: R = 93.2
    assert best == pytest.approx(93.2, abs=0.05)
    assert mean_opinion(best) == pytest.approx(4.41, abs=0.01)


@pytest.mark.parametrize("ms", [0, 20, 50, 100, 150, 200, 250, 300])
def test_delay_is_that_of_cole_and_rosenbluth(ms: int) -> None:
    """R. G. Cole, J. H. Rosenbluth, "Voice over IP performance monitoring", ACM CCR 31(2), 2001.

    Their fit of G.107 with its defaults: Id = 0.024 d + 0.11 (d - 177.3) H(d - 177.3).
    """
    published = 93.2 - 0.024 * ms - 0.11 * max(ms - 177.3, 0)
    ours = rating(CODECS["g711"], delay=ms / 1000, loss=0)
    assert mean_opinion(ours) == pytest.approx(mean_opinion(published), abs=0.05)


@pytest.mark.parametrize("percent", [0, 1, 2, 3])
@pytest.mark.parametrize(
    ("codec", "base", "steep", "bend"), [("g711-plc", 0, 30, 15), ("g729a", 11, 40, 10)]
)
def test_loss_is_that_of_cole_and_rosenbluth(
    codec: str, base: float, steep: float, bend: float, percent: int
) -> None:
    """Their fits of G.113's tables: Ie = base + steep ln(1 + bend e).

    At 5 % and more, where nobody would hold a meeting, their G.729A is 0.06 better than G.107's.
    """
    published = 93.2 - base - steep * log(1 + bend * percent / 100)
    ours = rating(CODECS[codec], delay=0, loss=percent / 100)
    assert mean_opinion(ours) == pytest.approx(mean_opinion(published), abs=0.05)


def test_losses_that_come_together_are_worse() -> None:
    alone, together = (rating(CODECS["g711-plc"], 0.1, 0.05, burst) for burst in (1.0, 2.0))
    assert together < alone


@given(
    st.sampled_from(sorted(CODECS)),
    st.floats(0, 60),
    st.floats(0, 1),
    st.floats(1, 1000),
)
def test_every_path_has_a_score(codec: str, delay: float, loss: float, burst: float) -> None:
    rated = rating(CODECS[codec], delay, loss, burst)
    assert 0 <= rated <= 93.3
    assert 1 <= mean_opinion(rated) <= 4.5
    assert rating(CODECS[codec], delay, min(1, loss + 0.1), burst) <= rated
