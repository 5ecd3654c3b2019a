"""Facts that stay true are kept over a restart; nothing else is, and damage stops nothing."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

import pytest

from netwatch.core.check import Check
from netwatch.core.result import Outcome, Sample
from netwatch.lasting import NAME, LastingFacts, LastingStore
from netwatch.probes.certificates import CERTIFICATE_END
from netwatch.probes.http.facts import HTTP_PHASE
from tests.harness.builders import make_check, make_result
from tests.harness.waiting import eventually

FACTS = CERTIFICATE_END, HTTP_PHASE
CHECK = make_check("https:443")
FLOW = make_check("https:443", flow="mail")


async def run(directory: Path, *told: tuple[Check, Sample]) -> None:
    """A daemon that is told these facts, and ends."""
    lasting = LastingFacts(FACTS, [CHECK, FLOW], await opened(directory))
    async with lasting.kept():
        for check, fact in told:
            lasting.report(make_result(check, Outcome.FAILURE, facts=(fact,)))


async def opened(directory: Path) -> LastingStore:
    store = LastingStore(directory)
    await store.load()
    return store


async def remembered(directory: Path, *checks: Check) -> list[tuple[Check, float]]:
    lasting = LastingFacts(FACTS, checks, await opened(directory))
    return list(lasting.told(CERTIFICATE_END))


async def test_only_what_stays_true_is_kept_for_the_check_that_told_it(tmp_path: Path) -> None:
    phase = HTTP_PHASE.sample(0.5, "wait")
    await run(tmp_path, (CHECK, CERTIFICATE_END.sample(5)), (CHECK, phase))
    await run(tmp_path, (FLOW, CERTIFICATE_END.sample(7)))
    assert await remembered(tmp_path, CHECK, FLOW) == [(CHECK, 5.0), (FLOW, 7.0)]
    lasting = LastingFacts(FACTS, [CHECK], await opened(tmp_path))
    assert lasting.of(CHECK) == (CERTIFICATE_END.sample(5),)
    assert await remembered(tmp_path) == []


async def test_another_address_is_another_server(tmp_path: Path) -> None:
    await run(tmp_path, (CHECK, CERTIFICATE_END.sample(5)))
    assert await remembered(tmp_path, make_check("https:443", address="127.0.0.9")) == []


async def test_a_new_certificate_is_written_down_before_the_end(tmp_path: Path) -> None:
    lasting = LastingFacts(FACTS, [CHECK], await opened(tmp_path))
    async with lasting.kept():
        lasting.report(make_result(CHECK, Outcome.FAILURE, facts=(CERTIFICATE_END.sample(5),)))
        await asyncio.to_thread(eventually, (tmp_path / NAME).exists)
        assert await remembered(tmp_path, CHECK) == [(CHECK, 5.0)], "it may be killed"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[" * 100_000,
        b"[]",
        b'{"checks": {"a": {"address": "127.0.0.1", "facts": [["x", [], "nan"]]}}}',
        b'{"checks": {"a": {"address": "127.0.0.1", "facts": [["x", [], 1e999]]}}}',
        b'{"checks": {"a": {"address": 1, "facts": []}}}',
    ],
)
async def test_a_damaged_file_is_told_and_replaced(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    (tmp_path / NAME).write_bytes(content)
    assert await remembered(tmp_path, CHECK) == []
    assert "is damaged" in caplog.text
    await run(tmp_path, (CHECK, CERTIFICATE_END.sample(5)))
    assert await remembered(tmp_path, CHECK) == [(CHECK, 5.0)]


async def test_a_file_that_can_not_be_used_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    os.mkfifo(tmp_path / NAME)
    assert await remembered(tmp_path, CHECK) == []
    assert "is not a regular file" in caplog.text
    await run(tmp_path / "missing", (CHECK, CERTIFICATE_END.sample(5)))
    assert "can't be written" in caplog.text
