"""The renderer against prometheus_client: same content, same bytes."""

from __future__ import annotations

import asyncio
import math
import subprocess
from dataclasses import dataclass

import prometheus_client
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from netwatch.metrics import Registry, page, render
from netwatch.metrics.text import number
from tests.harness.requirements import require_tool

pytestmark = pytest.mark.slow

prometheus_client.disable_created_metrics()

LABEL_VALUES = st.text('\\"\n{}=, #abéệ漢😀\r\t\0\x7f\x85\u2028\ufeff\uffff', max_size=12)
NUMBERS = st.one_of(
    st.floats(),
    st.integers(min_value=-(2**70), max_value=2**70),
    # Counters of devices: whole numbers, of all lengths.
    st.integers(0, 18).flatmap(lambda digits: st.integers(10**digits, 10 ** (digits + 1))),
    st.sampled_from([0.0, -0.0, 999_999.0, 1e6, 1234567.5, 2.0**53, 1e16, math.inf, -math.inf]),
)
LABELNAMES = st.lists(
    st.sampled_from(["site", "target", "ifName", "a", "zz", "_x"]), unique=True, max_size=4
)
HELP = LABEL_VALUES


@dataclass
class Content:
    """A family's content, from which both sides are built."""

    kind: str
    help_text: str
    labelnames: list[str]
    cells: dict[tuple[str, ...], list[float]]


@st.composite
def contents(draw: st.DrawFn) -> Content:
    kind = draw(st.sampled_from(["gauge", "counter", "histogram"]))
    labelnames = draw(LABELNAMES)
    key = st.tuples(*[LABEL_VALUES for _ in labelnames])
    numbers = {
        "gauge": NUMBERS,
        "counter": st.floats(min_value=0, allow_nan=False),
        "histogram": st.floats(allow_nan=False),
    }[kind]
    cells = st.dictionaries(key, st.lists(numbers, min_size=1, max_size=5), max_size=4)
    if not labelnames:
        cells = st.fixed_dictionaries({(): st.lists(numbers, min_size=1, max_size=5)})
    return Content(kind, draw(HELP), labelnames, draw(cells))


BUCKETS = (0.0, 0.005, 0.1, 1.0, 2_500_000.0)


def build_ours(families: list[Content]) -> Registry:
    registry = Registry()
    for index, content in enumerate(families):
        name = f"family_{index}" + ("_total" if content.kind == "counter" else "")
        if content.kind == "histogram":
            histogram = registry.histogram(name, content.help_text, content.labelnames, BUCKETS)
            for key, values in content.cells.items():
                for value in values:
                    histogram.cell(*key).observe(value)
            continue
        make = registry.gauge if content.kind == "gauge" else registry.counter
        family = make(name, content.help_text, content.labelnames)
        for key, values in content.cells.items():
            for value in values:
                if content.kind == "gauge":
                    family.cell(*key).set(value)
                else:
                    family.cell(*key).inc(value)
    return registry


def build_theirs(families: list[Content]) -> CollectorRegistry:
    registry = CollectorRegistry()
    for index, content in enumerate(families):
        args = (f"family_{index}", content.help_text, content.labelnames)
        metric: prometheus_client.Gauge | prometheus_client.Counter | prometheus_client.Histogram
        if content.kind == "gauge":
            metric = prometheus_client.Gauge(*args, registry=registry)
        elif content.kind == "counter":
            metric = prometheus_client.Counter(*args, registry=registry)
        else:
            metric = prometheus_client.Histogram(*args, registry=registry, buckets=BUCKETS)
        for key, values in content.cells.items():
            child = metric.labels(*key) if key else metric
            for value in values:
                if isinstance(child, prometheus_client.Gauge):
                    child.set(value)
                elif isinstance(child, prometheus_client.Counter):
                    child.inc(value)
                else:
                    child.observe(value)
    return registry


@given(st.lists(contents(), max_size=4))
def test_same_bytes_as_prometheus_client(families: list[Content]) -> None:
    rendered = asyncio.run(render(build_ours(families)))
    assert rendered.decode() == generate_latest(build_theirs(families)).decode()


@settings(max_examples=20, deadline=None)
@given(st.lists(contents(), min_size=2, max_size=6))
def test_promtool_parses_the_page(families: list[Content]) -> None:
    done = subprocess.run(
        [require_tool("promtool"), "check", "metrics"],
        input=asyncio.run(render(build_ours(families))),
        capture_output=True,
        check=False,
    )
    # 3: it was parsed, and promtool has something to say about style.
    assert done.returncode in {0, 3}, done.stderr


@given(st.lists(st.integers(0, 2**53 // 6), min_size=6, max_size=6))
def test_histograms_that_have_counted_for_months(counts: list[int]) -> None:
    ours = Registry()
    cell = ours.histogram("trip_seconds", "Trips", buckets=BUCKETS).cell()
    cell._counts[:] = counts
    theirs = CollectorRegistry()
    histogram = prometheus_client.Histogram(
        "trip_seconds", "Trips", registry=theirs, buckets=BUCKETS
    )
    for bucket, count in zip(histogram._buckets, counts, strict=True):
        bucket.set(count)
    assert asyncio.run(render(ours)) == generate_latest(theirs)


@given(NUMBERS)
def test_numbers_are_written_as_prometheus_client_writes_them(value: float) -> None:
    assert number(float(value)) == prometheus_client.utils.floatToGoString(value)


@given(st.lists(st.tuples(LABEL_VALUES, LABEL_VALUES), unique=True, max_size=5), st.floats())
def test_a_parser_reads_back_what_was_written(keys: list[tuple[str, str]], value: float) -> None:
    registry = Registry()
    family = registry.gauge("netwatch_test", "help", ("first", "second"))
    for key in keys:
        family.cell(*key).set(value)
    text = asyncio.run(render(registry)).decode()
    (parsed,) = text_string_to_metric_families(text)
    assert [(s.labels["first"], s.labels["second"]) for s in parsed.samples] == keys
    assert all(s.value == value or math.isnan(value) for s in parsed.samples)


async def test_a_counter_of_a_device_keeps_its_name() -> None:
    registry = Registry()
    octets = registry.counter("ifHCInOctets", "Bytes received", ("ifIndex", "ifName"))
    octets.cell("1", "ge-0/0/1").set(12_345_678)
    assert await render(registry) == (
        b"# HELP ifHCInOctets Bytes received\n"
        b"# TYPE ifHCInOctets counter\n"
        b'ifHCInOctets{ifIndex="1",ifName="ge-0/0/1"} 1.2345678e+07\n'
    )


async def test_the_page_is_in_blocks_of_whole_lines() -> None:
    registry = Registry()
    family = registry.gauge("netwatch_test", "help", ("n",))
    for index in range(20_000):
        family.cell(str(index)).set(index)
    blocks = [block async for block in page(registry, CollectorRegistry())]
    sizes = [len(block) for block in blocks[:-2]]
    assert len(sizes) > 5
    assert min(sizes) >= 64 * 1024
    assert max(sizes) < 80 * 1024
    assert b"".join(blocks) == await render(registry)


async def test_lone_surrogates_do_not_cost_the_page() -> None:
    registry = Registry()
    family = registry.gauge("netwatch_test", "h\udc80", ("name",))
    family.cell("port \udcff").set(1)
    assert family.cell("port \udcff").value == 1
    assert 'name="port \ufffd"' in (await render(registry)).decode()
    family.remove("port \udcff")
    assert len(family) == 0


async def test_render_gives_the_loop_back_and_bears_changes_meanwhile() -> None:
    registry = Registry()
    family = registry.gauge("netwatch_test", "help", ("n",))
    other = registry.histogram("netwatch_other_seconds", "help", ("n",))
    for index in range(30_000):
        family.cell(str(index)).set(index)
    for index in range(500):
        other.cell(str(index))
    rounds = 0

    async def change() -> None:
        nonlocal rounds
        while True:
            family.remove(str(rounds))
            family.cell(f"new {rounds}").set(rounds)
            for index in range(500):
                other.cell(str(index)).observe(0.5)
            registry.gauge(f"netwatch_late_{rounds}", "help")
            rounds += 1
            await asyncio.sleep(0)

    changing = asyncio.create_task(change())
    text = (await render(registry)).decode()
    changing.cancel()
    assert rounds > 1
    families = {f.name: f for f in text_string_to_metric_families(text)}
    assert len(families["netwatch_test"].samples) == 30_000
    by_cell: dict[str, dict[str, float]] = {}
    for sample in families["netwatch_other_seconds"].samples:
        label = sample.labels.get("le", sample.name.removeprefix("netwatch_other_seconds"))
        by_cell.setdefault(sample.labels["n"], {})[label] = sample.value
    assert len(by_cell) == 500
    for values in by_cell.values():
        assert values["_count"] == values["+Inf"] == values["0.5"] == values["_sum"] / 0.5


async def test_page_appends_the_programs_own_metrics() -> None:
    registry = Registry()
    registry.gauge("netwatch_site_state", "State").cell().set(1)
    own = CollectorRegistry()
    prometheus_client.Gauge("netwatch_own", "Own", registry=own).set(2)
    text = b"".join([block async for block in page(registry, own)]).decode()
    assert text.index("netwatch_site_state 1.0\n") < text.index("netwatch_own 2.0\n")


@pytest.mark.parametrize("value", [1e6, 1e15, 123456789.125, 1e16, 1.5e300])
def test_large_numbers(value: float) -> None:
    assert float(number(value)) == value
