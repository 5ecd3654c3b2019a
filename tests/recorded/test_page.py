"""Whatever a device calls itself and its interfaces, the page can be read, value by value."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from netwatch.core.result import Result
from netwatch.export.devices import DeviceMetrics
from netwatch.export.exporter import Watched
from netwatch.metrics import Registry, render
from tests.harness.builders import make_inventory
from tests.harness.recordings import Recording, made_up
from tests.recorded.agent import Player, player
from tests.recorded.compare import compare

pytestmark = pytest.mark.slow

Shown = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture(scope="module")
def playing() -> Iterator[Player]:
    with player() as started:
        yield started


async def shown(result: Result) -> Shown:
    """What a scrape reads."""
    registry = Registry()
    metrics = DeviceMetrics(registry)
    metrics.watch(Watched.of(make_inventory(), [result.check]))
    metrics.report(result)
    page = (await render(registry)).decode()
    samples = [s for family in text_string_to_metric_families(page) for s in family.samples]
    # The parser gives a counter's name an ending that snmp_exporter's names do not have.
    found = {(s.name.removesuffix("_total"), frozenset(s.labels.items())): s.value for s in samples}
    assert len(found) == len(samples), "a series is there twice"
    return found


@pytest.mark.parametrize("recording", made_up(), ids=lambda recording: recording.name)
async def test_the_page_says_what_was_polled(recording: Recording, playing: Player) -> None:
    result = (await compare(playing.play(recording))).result
    place = {("site", result.check.site), ("target", result.check.target)}
    found = await shown(result)
    capped = found.pop(("netwatch_snmp_capped", frozenset(place)))
    assert capped == 0
    polled = {(s.name, frozenset({*s.labels, *place})): s.value for s in result.samples}
    assert found == polled
