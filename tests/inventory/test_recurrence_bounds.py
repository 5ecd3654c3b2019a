"""Which rules the inventory takes: those that come true soon, whoever wrote them."""

from __future__ import annotations

from datetime import date, datetime

from dateutil.rrule import rrulestr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netwatch.inventory.recurrence_bounds import refusal

VALUES = st.one_of(
    st.integers(-60, 60).map(str),
    st.sampled_from(["MO", "1MO", "-1SU", "5FR", "-5TU", "53WE", "+2TH", "", "x"]),
)


@given(
    st.dictionaries(
        st.sampled_from(["BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "INTERVAL"]),
        st.lists(VALUES, min_size=1, max_size=3),
        max_size=4,
    ),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY", ""]),
    st.dates(date(2000, 1, 1), date(2026, 1, 1)),
)
@example({"INTERVAL": ["1", "1"]}, "DAILY", date(2000, 1, 1))
@settings(deadline=None)
def test_a_rule_that_is_taken_comes_true(
    parts: dict[str, list[str]], frequency: str, start: date
) -> None:
    """One that never does would be looked for until the year 9999."""
    parts = {"FREQ": [frequency], **parts}
    if why := refusal(parts):
        assert "\n" not in why
        return
    text = ";".join(f"{name}={','.join(values)}" for name, values in parts.items())
    begin = datetime(start.year, start.month, start.day)  # noqa: DTZ001 - wall time
    assert next(iter(rrulestr(text, dtstart=begin)), None) is not None


def test_a_second_friday_by_its_place_is_taken() -> None:
    assert refusal({"FREQ": ["MONTHLY"], "BYDAY": ["FR"], "BYSETPOS": ["2"]}) is None
    why = refusal({"FREQ": ["MONTHLY"], "BYDAY": ["FR"], "BYSETPOS": ["5"]})
    assert why == "BYSETPOS must be 1 to 4, or -1 to -4: no month has less of these days"
