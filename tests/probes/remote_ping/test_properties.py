"""Nothing that a router may send makes the judging fail, or be believed beyond what it says."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.core.result import Outcome, Reason
from netwatch.probes.remote_ping.read import Reading, ResultRow
from netwatch.probes.remote_ping.verdict import Ping, UnbelievableError, address_of, judged, pings
from netwatch.snmp.dates import unix_time
from netwatch.snmp.remote_ping import load_remote_ping, remote_ping_names

pytestmark = pytest.mark.slow

NOW = 1_800_000_000.0
VALUES = st.one_of(
    st.none(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=20),
    st.binary(max_size=20),
    st.binary(min_size=8, max_size=8),
    st.binary(min_size=11, max_size=11),
)
ROWS = st.builds(ResultRow, st.text(max_size=8), VALUES, VALUES, VALUES)
READINGS = st.builds(Reading, VALUES, VALUES, VALUES, VALUES, st.lists(ROWS, max_size=5).map(tuple))
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes))
MIBS = st.sampled_from(remote_ping_names()).map(load_remote_ping)
REASONS = st.sampled_from([*Reason, None])
PINGS = st.lists(
    st.builds(
        Ping,
        st.tuples(st.text(max_size=2), st.integers(0, 3)),
        st.floats(0, 500),
        REASONS,
        st.none() | st.floats(0, 10),
    ),
    max_size=10,
)


@given(MIBS, READINGS, ZONES)
def test_anything_is_pings_or_not_to_be_believed(mib, reading, zone) -> None:  # type: ignore[no-untyped-def]
    with suppress(UnbelievableError):
        for ping in pings(mib, reading, NOW, zone):
            assert ping.age >= 0
            assert ping.response is None or 0 <= ping.response <= 3600
    address_of(reading.target)


@given(MIBS, READINGS, PINGS, st.floats(1, 400))
def test_only_a_young_new_answer_is_a_success(mib, reading, found, max_age) -> None:  # type: ignore[no-untyped-def]
    seen = {ping.key for ping in found[:3]}
    measured = judged(mib, reading, found, max_age, seen)
    fresh = [ping for ping in found if ping.key not in seen and ping.age <= max_age]
    answers = [ping for ping in fresh if ping.reason is Reason.OK]
    assert (measured.outcome is Outcome.SUCCESS) == bool(answers)
    tried = [ping for ping in fresh if ping.reason is not None]
    assert (measured.outcome is Outcome.INVALID) == (not tried)


@given(st.datetimes(datetime(1970, 1, 2), datetime(2999, 1, 1)), ZONES, st.booleans())  # noqa: DTZ001
def test_a_date_is_read_as_it_was_written(moment: datetime, zone: timedelta, told: bool) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 100_000 * 100_000, tzinfo=UTC)
    local = moment + zone
    octets = local.year.to_bytes(2, "big") + bytes(
        (local.month, local.day, local.hour, local.minute, local.second)
    )
    octets += bytes((local.microsecond // 100_000,))
    if told:
        minutes = int(abs(zone).total_seconds() // 60)
        octets += (b"-" if zone < timedelta() else b"+") + bytes(divmod(minutes, 60))
        zone = timedelta()
    assert unix_time(octets, zone) == pytest.approx(moment.timestamp())


@given(VALUES, ZONES)
def test_anything_is_a_date_or_none(value, zone) -> None:  # type: ignore[no-untyped-def]
    found = unix_time(value, zone)
    assert found is None or isinstance(found, float)


@pytest.mark.parametrize(
    "octets",
    [
        "07e6 0d 01 00 00 00 00",  # the thirteenth month
        "07e6 02 1e 00 00 00 00",  # the thirtieth of February
        "07e6 01 01 18 00 00 00",  # 24 o'clock
        "07e6 01 01 00 00 3d 00",  # second 61
        "07e6 01 01 00 00 00 0a",  # ten tenths
        "0000 01 01 00 00 00 00",  # the year 0
        "07e6 01 01 00 00 00 00 20 07 00",  # neither east nor west
        "07e6 01 01 00 00 00 00 2b 0f 00",  # 15 hours
        "07e6 01 01 00 00 00 00 2b 07 3c",  # 60 minutes
        "07e6 01 01 00 00 00",
        "07e6 01 01 00 00 00 00 2b",
    ],
)
def test_what_is_no_date(octets: str) -> None:
    assert unix_time(bytes.fromhex(octets), timedelta()) is None


def test_a_leap_second_is_no_mistake() -> None:
    octets = bytes.fromhex("07e0 0c 1f 17 3b 3c 00 2b 00 00")
    assert (
        unix_time(octets, timedelta()) == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp()
    )
