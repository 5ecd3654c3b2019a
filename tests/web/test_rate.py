"""A bucket for each source."""

from __future__ import annotations

import pytest

from netwatch.core.errors import ConfigError
from netwatch.settings import Settings
from netwatch.web import rate
from netwatch.web.config.grammar import RateLimit
from netwatch.web.config.setting import read_web_config
from netwatch.web.rate import RateLimiter

LIMIT = RateLimit.model_validate({"interval": "2s", "burst": "3"})


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(rate, "monotonic", clock)
    return clock


def test_so_many_at_once_and_then_one_each_interval(clock: Clock) -> None:
    limiter = RateLimiter()
    assert [limiter.allow("10.0.0.1", LIMIT) for _ in range(5)] == [True] * 3 + [False] * 2
    clock.now += 2
    assert [limiter.allow("10.0.0.1", LIMIT) for _ in range(2)] == [True, False]
    clock.now += 3600
    assert [limiter.allow("10.0.0.1", LIMIT) for _ in range(4)] == [True] * 3 + [False]


def test_nobody_uses_up_what_is_anothers(clock: Clock) -> None:
    limiter = RateLimiter()
    while limiter.allow("10.0.0.66", LIMIT):
        clock.now += 0.01
    assert limiter.allow("10.0.0.1", LIMIT)


@pytest.mark.usefixtures("clock")
def test_memory_has_a_bound() -> None:
    limiter = RateLimiter()
    for number in range(rate.MAX_SOURCES + 100):
        assert limiter.allow(f"source {number}", LIMIT)
    assert len(limiter._buckets) == rate.MAX_SOURCES


@pytest.mark.usefixtures("clock")
def test_no_limit() -> None:
    limiter = RateLimiter()
    assert all(limiter.allow("10.0.0.1", RateLimit()) for _ in range(1000))


def test_nobody_can_act_without_a_file_with_users() -> None:
    with pytest.raises(ConfigError, match="web_act_users: needs web_config, a file with basic_"):
        read_web_config(Settings(web_act_users=("lan",)))
