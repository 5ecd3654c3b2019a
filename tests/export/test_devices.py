from __future__ import annotations

from netwatch.core.result import Outcome, Readings, Result, SeriesKey
from netwatch.export.devices import DeviceMetrics
from netwatch.export.exporter import Watched
from netwatch.metrics import Registry, render
from netwatch.snmp import catalogue
from tests.harness.builders import make_check, make_inventory, make_result

CHECK = make_check("snmp", interval=60.0)


def interface(name: str, octets: float) -> tuple[SeriesKey, float]:
    values = {"ifIndex": name, "ifName": name, "ifAlias": "", "ifDescr": name}
    labels = catalogue()["ifHCInOctets"].labels
    return ("ifHCInOctets", tuple((label, values[label]) for label in labels)), octets


def poll(*samples: tuple[SeriesKey, float]) -> Result:
    read = Readings(tuple(key for key, _ in samples), [value for _, value in samples])
    return make_result(CHECK, Outcome.SUCCESS, samples=read)


async def series_of(registry: Registry) -> dict[str, str]:
    text = (await render(registry)).decode()
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: value for name, _, value in lines if not name.startswith("netwatch_snmp_capped")}


async def capped(registry: Registry) -> list[str]:
    lines = (await render(registry)).decode().splitlines()
    return [line[-3:] for line in lines if line.startswith("netwatch_snmp_capped")]


def name_of(interface_name: str) -> str:
    return (
        f'ifHCInOctets{{ifAlias="",ifDescr="{interface_name}",ifIndex="{interface_name}",'
        f'ifName="{interface_name}",site="nam-sach",target="router"}}'
    )


async def test_the_last_poll_is_shown_and_nothing_else() -> None:
    registry = Registry()
    metrics = DeviceMetrics(registry)
    metrics.watch(Watched.of(make_inventory(), [CHECK]))
    metrics.report(poll(interface("Gi0/1", 10), interface("Gi0/2", 20)))
    assert await series_of(registry) == {name_of("Gi0/1"): "10", name_of("Gi0/2"): "20"}
    metrics.report(poll(interface("Gi0/2", 30)))
    assert await series_of(registry) == {name_of("Gi0/2"): "30"}


async def test_the_same_series_again_take_new_values() -> None:
    registry = Registry()
    metrics = DeviceMetrics(registry)
    metrics.watch(Watched.of(make_inventory(), [CHECK]))
    series = poll(interface("Gi0/1", 10)).samples.series
    for octets in (10.0, 11.0):
        result = make_result(CHECK, Outcome.SUCCESS, samples=Readings(series, [octets]))
        metrics.report(result)
        assert await series_of(registry) == {name_of("Gi0/1"): str(octets)}


async def test_a_silent_device_shows_nothing() -> None:
    registry = Registry()
    metrics = DeviceMetrics(registry)
    metrics.watch(Watched.of(make_inventory(), [CHECK]))
    metrics.report(poll(interface("Gi0/1", 10)))
    metrics.report(make_result(CHECK, Outcome.INVALID))
    assert await series_of(registry), "not measured is no news"
    metrics.report(make_result(CHECK, Outcome.FAILURE))
    assert await series_of(registry) == {}


async def test_a_device_that_is_taken_out_shows_nothing() -> None:
    registry = Registry()
    metrics = DeviceMetrics(registry)
    metrics.watch(Watched.of(make_inventory(), [CHECK]))
    metrics.report(poll(interface("Gi0/1", 10)))
    metrics.watch(Watched.of(make_inventory(), []))
    assert await series_of(registry) == {}
    metrics.report(poll(interface("Gi0/1", 10)))
    assert await series_of(registry) == {}


async def test_values_that_are_too_old_are_taken_off() -> None:
    registry = Registry()
    metrics = DeviceMetrics(registry)
    metrics.watch(Watched.of(make_inventory(), [CHECK]))
    metrics.report(poll(interface("Gi0/1", 10)))
    metrics.forget(CHECK)
    assert await series_of(registry) == {}


async def test_rows_that_were_left_out_are_flagged() -> None:
    registry = Registry()
    metrics = DeviceMetrics(registry)
    metrics.watch(Watched.of(make_inventory(), [CHECK]))
    read = poll(interface("Gi0/1", 10)).samples
    for flag, shown in ((True, "1.0"), (False, "0.0")):
        readings = Readings(read.series, read.values, capped=flag)
        metrics.report(make_result(CHECK, Outcome.SUCCESS, samples=readings))
        assert await capped(registry) == [shown]
    metrics.watch(Watched.of(make_inventory(), []))
    assert await capped(registry) == []


def text(name: str, value: str) -> tuple[SeriesKey, float]:
    return (name, ((name, value),)), 1.0


async def test_a_device_tells_what_it_is_in_one_series() -> None:
    registry = Registry()
    metrics = DeviceMetrics(registry)
    metrics.watch(Watched.of(make_inventory(), [CHECK]))

    async def shown() -> list[str]:
        return [name for name in await series_of(registry) if name.startswith("netwatch_device")]

    def info(serial: str) -> str:
        place = 'site="nam-sach",software="v7.2",target="router"'
        return f'netwatch_device_info{{model="",serial="{serial}",{place}}}'

    for serial in ("FG1", "FG2"):
        metrics.report(poll(text("fnSysSerial", serial), text("fgSysVersion", "v7.2")))
        assert await shown() == [info(serial)]
    metrics.report(poll(interface("Gi0/1", 10)))
    assert await shown() == []
    metrics.report(poll(text("fgSysVersion", "v7.2")))
    assert await shown() == [info("")]
    metrics.watch(Watched.of(make_inventory(), []))
    assert await shown() == []
