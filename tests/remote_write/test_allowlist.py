"""A vantage may say what is on the list, in its own name, and nothing else."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.remote_write.allowlist import MAX_SERIES_PER_REQUEST, AllowList, NotAllowedError
from netwatch.remote_write.request import read_labels, read_request
from netwatch.remote_write.varint import MalformedRequestError
from tests.harness.remote_write import field, label, series

NOW = 1_800_000_000.0
MS = int(NOW * 1000)
ME = {"vantage": "party-office"}
FLOW = ME | {"__name__": "netwatch_flow_as_expected", "flow": "f101", "from": "party-office"}


def judge(*content: bytes) -> int:
    return AllowList("party-office").check(b"".join(content), NOW)


@pytest.mark.parametrize(
    "labels",
    [
        ME | {"__name__": "up"},
        ME | {"__name__": "netwatch_site_state", "site": "p417"},
        FLOW | {"to": "data-centre/mail", "expect": "pass"},
        FLOW | {"flow": "b-07/party-office/data-centre/mail/tcp:25"},
        ME | {"__name__": "netwatch_flow_block", "flow": "f101", "block": "drop"},
        ME | {"__name__": "netwatch_flow_results_total", "flow": "f101", "reason": "timeout"},
    ],
)
def test_what_may_be_said(labels: dict[str, str]) -> None:
    assert judge(series(labels, MS, MS + 1)) == 2


@pytest.mark.parametrize(
    ("labels", "complaint"),
    [
        (ME | {"__name__": "netwatch_site_info"}, "series 'netwatch_site_info'"),
        (ME | {"__name__": "netwatch_site_state2"}, "series 'netwatch_site_state2'"),
        (ME, "series ''"),
        ({"__name__": "up"}, "up in the name of another vantage"),
        ({"__name__": "up", "vantage": "state-dc"}, "up in the name of another vantage"),
        (FLOW | {"from": "state-dc"}, "netwatch_flow_as_expected in the name of another vantage"),
        (FLOW | {"name_vi": "Mail"}, "netwatch_flow_as_expected with the label 'name_vi'"),
        (FLOW | {"flow": "mail-tinh-uy"}, "with flow='mail-tinh-uy'"),
        (FLOW | {"to": "10.16.0.1"}, "with to='10.16.0.1'"),
        (FLOW | {"expect": "Tỉnh ủy"}, "with expect='Tỉnh ủy'"),
        (ME | {"__name__": "up", "job": "netwatch"}, "up with the label 'job'"),
        (ME | {"__name__": "netwatch_site_state", "site": "tinh-uy"}, "with site='tinh-uy'"),
        (ME | {"__name__": "netwatch_site_state", "site": "p417\n"}, "with site="),
    ],
)
def test_what_may_not(labels: dict[str, str], complaint: str) -> None:
    with pytest.raises(NotAllowedError) as caught:
        judge(series(ME | {"__name__": "up"}, MS), series(labels, MS))
    assert complaint in str(caught.value)


@pytest.mark.parametrize("at", [MS + 61_000, 2**63, 2**64 - 1])
def test_no_sample_comes_from_the_future(at: int) -> None:
    allowlist = AllowList("party-office")
    assert allowlist.check(series(ME | {"__name__": "up"}, MS + 59_000), NOW) == 1
    with pytest.raises(NotAllowedError, match="a sample from the future"):
        allowlist.check(series(ME | {"__name__": "up"}, MS, at), NOW)


def test_what_was_allowed_to_one_is_not_allowed_to_another() -> None:
    assert judge(series(FLOW, MS)) == 1
    with pytest.raises(NotAllowedError):
        AllowList("other").check(series(FLOW, MS), NOW)


def test_series_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netwatch.remote_write.allowlist.MAX_SERIES", 2)
    allowlist = AllowList("party-office")
    for flow in ("f101", "f102"):
        allowlist.check(series(FLOW | {"flow": flow}, MS), NOW)
    with pytest.raises(NotAllowedError, match="more than 2 series"):
        allowlist.check(series(FLOW | {"flow": "f103"}, MS), NOW)
    assert allowlist.check(series(FLOW | {"flow": "f102"}, MS + 1), NOW) == 1


def test_a_request_has_a_bound() -> None:
    one = series(FLOW, MS)
    assert judge(one * MAX_SERIES_PER_REQUEST) == MAX_SERIES_PER_REQUEST
    with pytest.raises(NotAllowedError, match="more than 20000 series at once"):
        judge(one * (MAX_SERIES_PER_REQUEST + 1))


UP = label("__name__", "up")


@pytest.mark.parametrize(
    "request_",
    [
        field(3, b"metadata"),
        b"\x08\x01",
        field(1, field(1, UP) + field(3, b"exemplar")),
        field(1, field(1, UP) + field(4, b"histogram")),
        field(1, b"\x0d\0\0\0\0"),  # a kind of field that remote write doesn't have
        field(1, field(1, UP) + field(1, UP)),  # one name twice
        field(1, field(1, UP + field(3, b"more"))),
        field(1, field(1, field(1, b"\xff"))),
        field(1, field(2, field(2, b"no number"))),
        series(ME | {"__name__": "up"}, MS)[:-3],
        b"\x0a",
    ],
)
def test_what_is_no_request_is_refused(request_: bytes) -> None:
    with pytest.raises(MalformedRequestError):
        judge(request_)


@given(st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=5))
def test_labels_are_read_as_they_were_written(labels: dict[str, str]) -> None:
    [found] = read_request(series(labels, 1, 2))
    assert read_labels(found.labels) == labels
    assert found.timestamps == [1, 2]


@given(st.lists(st.sampled_from([b"\x0a", b"\x12", b"\x08", b"\x00", b"\xff", UP]) | st.binary()))
def test_nothing_else_comes_of_garbage(pieces: list[bytes]) -> None:
    for content in (
        b"".join(pieces),
        field(1, b"".join(pieces)),
        field(1, field(1, b"".join(pieces))),
    ):
        with suppress(MalformedRequestError, NotAllowedError):
            assert judge(content) == 0


def test_a_sample_may_lack_its_zeros() -> None:
    """Protocol Buffers leave out a field that is 0."""
    labels = field(1, label("vantage", "party-office")) + field(1, UP)
    assert judge(field(1, labels + field(2, b""))) == 1


EMPTY_SAMPLE, EMPTY_LABEL = b"\x12\0", b"\x0a\0"


@pytest.mark.parametrize(
    "inner",
    [
        EMPTY_SAMPLE * 1_000_000,
        EMPTY_LABEL * 1_000_000,
        field(1, EMPTY_LABEL * 1_000_000),
        field(2, b"\x10\x01" * 1_000_000),
    ],
)
def test_no_series_takes_long_to_refuse(inner: bytes) -> None:
    """Two million empty fields took two seconds, in which the gateway served nobody."""
    with pytest.raises(MalformedRequestError, match=r"too many|more than two"):
        AllowList("party-office").check(field(1, inner), NOW)


def test_a_request_is_checked_series_by_series() -> None:
    steps = AllowList("party-office").checks(series(FLOW, MS) * 3 + b"broken", NOW)
    assert list(islice(steps, 3)) == [1, 1, 1]
