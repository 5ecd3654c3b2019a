from __future__ import annotations

import heapq
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.lab.impairment import UNIMPAIRED, Impairment, combine
from netwatch.lab.loss import LossProcess
from netwatch.lab.path import Path, PathTransit

MANY = 5000


def path_with(seed: str = "1 10.30.1.1", **impairment: object) -> Path:
    path = Path(seed)
    path.set_impairment(Impairment(**impairment))  # type: ignore[arg-type]
    return path


def passed(path: Path) -> PathTransit:
    transit = path.outward()
    assert transit is not None
    return transit


def test_delay_is_held_within_its_bounds_on_the_way_out_only() -> None:
    path = path_with(delay=0.1, jitter=0.05)
    holds = {passed(path).hold for _ in range(200)}
    assert all(0.1 <= hold <= 0.15 for hold in holds)
    assert len(holds) > 1
    assert path.inward()
    assert path.delayed == 200


@pytest.mark.parametrize("loss", [LossProcess(0.2), LossProcess(0.2, 4.0)])
def test_what_is_lost_is_the_same_with_the_same_seed_and_address(loss: LossProcess) -> None:
    first, again, other = (
        [path.outward() is None for _ in range(MANY)]
        for path in (
            path_with(losses=(loss,)),
            path_with(losses=(loss,)),
            path_with("2", losses=(loss,)),
        )
    )
    assert first == again != other


def test_loss_on_the_way_back_only_stops_replies() -> None:
    path = path_with(losses_back=(LossProcess(0.2),))
    arrived = sum(path.inward() for _ in range(MANY) if path.outward())
    assert path.forwarded == MANY
    assert path.returned == arrived == MANY - path.returned_lost
    assert 850 < path.returned_lost < 1150  # more than five standard deviations each way


def test_lossy_lines_one_behind_the_other_lose_more_than_each() -> None:
    path = path_with(losses=(LossProcess(0.5), LossProcess(0.5)))
    assert 3600 < sum(path.outward() is None for _ in range(MANY)) < 3900


def test_a_share_arrives_twice() -> None:
    path = path_with(duplicate=0.2)
    copies = [passed(path).copies for _ in range(MANY)]
    assert set(copies) == {1, 2}
    assert path.duplicated == sum(copies) - MANY
    assert 850 < path.duplicated < 1150


def test_a_burst_goes_on_when_another_fault_comes_and_goes() -> None:
    lossy = Impairment(losses=(LossProcess(0.5, 50.0),))
    undisturbed, disturbed = Path("1"), Path("1")
    undisturbed.set_impairment(lossy)
    fates = [undisturbed.outward() is None for _ in range(300)]
    disturbed.set_impairment(lossy)
    seen = []
    for step in range(300):
        disturbed.set_impairment(combine([lossy, Impairment(cut=False)]) if step % 2 else lossy)
        seen.append(disturbed.outward() is None)
    assert seen == fates


def leave_in_order(path: Path, spacing: float, packets: int) -> list[int]:
    """Numbers in the order in which the relay would let them leave, a packet every ``spacing``."""
    held: list[tuple[float, int]] = []
    order: list[int] = []

    def release(now: float) -> None:
        while held and held[0][0] <= now:
            _, number = heapq.heappop(held)
            path.left(number)
            order.append(number)

    for position in range(packets):
        now = position * spacing
        release(now)
        transit = path.outward()
        if transit is None:
            continue
        if transit.hold:
            heapq.heappush(held, (now + transit.hold, transit.number))
        else:
            order.append(path.forwarded)
    release(float("inf"))
    return order


@given(
    st.floats(0, 1),
    st.floats(0.001, 0.1),
    st.floats(0, 0.05),
    st.floats(0.001, 0.05),
    st.integers(0, 1000),
)
def test_reordered_packets_are_those_of_rfc_4737(
    ratio: float, by: float, jitter: float, spacing: float, seed: int
) -> None:
    path = path_with(str(seed), reorder=ratio, reorder_by=by, jitter=jitter)
    order = leave_in_order(path, spacing, 100)
    assert sorted(order) == list(range(1, 101))
    highest = itertools.accumulate(order, max)
    assert path.reordered == sum(number < most for number, most in zip(order, highest, strict=True))


def test_packets_that_keep_their_distance_overtake_nobody() -> None:
    path = path_with(reorder=0.5, reorder_by=0.05)
    assert leave_in_order(path, 0.1, 100) == list(range(1, 101))
    assert (path.reordered, path.delayed > 20) == (0, True)


def test_a_packet_that_was_held_is_overtaken_after_the_fault_as_well() -> None:
    path = path_with(reorder=1.0, reorder_by=0.3)
    slow = passed(path)
    path.set_impairment(UNIMPAIRED)
    path.outward()
    path.left(slow.number)
    assert path.reordered == 1


@given(
    st.lists(
        st.builds(
            Impairment,
            cut=st.booleans(),
            losses=st.lists(
                st.builds(LossProcess, st.floats(0, 1), st.none() | st.floats(1, 9)), max_size=2
            ).map(tuple),
            losses_back=st.lists(
                st.builds(LossProcess, st.floats(0, 1), st.none() | st.floats(1, 9)), max_size=2
            ).map(tuple),
            delay=st.floats(0, 1),
            duplicate=st.floats(0, 1),
            reorder=st.floats(0, 1),
            reorder_by=st.floats(0, 1),
        ),
        max_size=5,
    )
)
def test_every_packet_is_counted_once_whatever_happens(impairments: list[Impairment]) -> None:
    path = Path("1")
    for impairment in impairments:
        path.set_impairment(impairment)
        for _ in range(20):
            path.seen += 1
            transit = path.outward()
            for _ in range(transit.copies if transit else 0):
                path.inward()
    counts = path.counts()
    dropped = counts["lost"] + counts["cut"] + counts["barred"]
    assert counts["seen"] == counts["forwarded"] + dropped
    back = counts["returned"] + counts["returned_cut"] + counts["returned_lost"]
    assert back == counts["forwarded"] + counts["duplicated"]


def test_faults_one_behind_the_other() -> None:
    both = combine(
        [
            Impairment(losses=(LossProcess(0.5),), delay=0.1, duplicate=0.5),
            Impairment(
                losses=(LossProcess(0.2, 3),), delay=0.2, jitter=0.1, duplicate=0.5, reorder_by=0.3
            ),
        ]
    )
    assert both.losses == (LossProcess(0.5), LossProcess(0.2, 3))
    assert both.delay == pytest.approx(0.3)
    assert both.jitter == pytest.approx(0.1)
    assert both.duplicate == pytest.approx(0.75)
    assert both.reorder_by == pytest.approx(0.3)
    assert combine([Impairment(cut=True), UNIMPAIRED]).cut
    assert combine([]) == UNIMPAIRED
