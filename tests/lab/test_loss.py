from __future__ import annotations

from itertools import groupby, pairwise
from random import Random

import pytest

from netwatch.lab.loss import LossChain, LossProcess, highest_ratio

pytestmark = pytest.mark.slow

PACKETS = 200_000


def fates(loss: LossProcess, packets: int = PACKETS) -> list[bool]:
    chain = LossChain(loss, Random(1))  # noqa: S311 -- repeatable, not secret
    return [chain.loses() for _ in range(packets)]


def burst_lengths(lost: list[bool]) -> list[int]:
    return [len(list(burst)) for is_lost, burst in groupby(lost) if is_lost]


@pytest.mark.parametrize(
    ("loss", "burst"),
    [
        (LossProcess(0.05), 1 / 0.95),  # what losses without memory make
        (LossProcess(0.3), 1 / 0.7),
        (LossProcess(0.05, 1.0), 1.0),
        (LossProcess(0.05, 4.0), 4.0),
        (LossProcess(0.3, 10.0), 10.0),
    ],
)
def test_share_and_mean_burst_are_what_was_asked_for(loss: LossProcess, burst: float) -> None:
    lost = fates(loss)
    lengths = burst_lengths(lost)
    assert sum(lost) / PACKETS == pytest.approx(loss.ratio, rel=0.1)
    assert sum(lengths) / len(lengths) == pytest.approx(burst, rel=0.1)


def test_losses_without_memory_have_none() -> None:
    lost = fates(LossProcess(0.2))
    after_a_loss = [now for before, now in pairwise(lost) if before]
    assert sum(after_a_loss) / len(after_a_loss) == pytest.approx(0.2, rel=0.05)


@pytest.mark.parametrize(("ratio", "share"), [(0.0, 0), (1.0, 1)])
def test_nothing_and_everything(ratio: float, share: int) -> None:
    assert sum(fates(LossProcess(ratio), 1000)) == share * 1000


def test_bursts_of_one_at_the_highest_ratio_lose_every_second_packet() -> None:
    lost = fates(LossProcess(highest_ratio(1.0), 1.0), 100)
    assert burst_lengths(lost) == [1] * 50
