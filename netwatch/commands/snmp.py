"""``netwatch snmp identify`` and ``walk``: what a device is, and which objects it has."""

from __future__ import annotations

import argparse
import asyncio
import re
from collections import Counter

from netwatch.commands.devices import add_device_arguments, snmp_check
from netwatch.commands.reason_words import why
from netwatch.core.check import Check
from netwatch.core.errors import ConfigError, Problem
from netwatch.core.result import Outcome, Readings
from netwatch.probes.snmp import SnmpParams, SnmpProbe
from netwatch.probes.snmp.errors import PollError
from netwatch.probes.snmp.objects import objects
from netwatch.settings import Settings
from netwatch.snmp import load_profile
from netwatch.snmp.identify import AUTO, profiles_for
from netwatch.snmp.load import profile_series
from netwatch.snmp.values import Value, clean


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the request, and the device."""
    questions = parser.add_subparsers(dest="question", required=True, metavar="QUESTION")
    for name, text in (
        ("identify", "thiết bị gì, đọc được gì / what it is, and what can be read of it"),
        ("walk", "liệt kê các đối tượng / list its objects, e.g. to write a profile"),
    ):
        question = questions.add_parser(name, help=text, description=text)
        add_device_arguments(question)
        if name == "walk":
            question.add_argument("oid", metavar="OID", nargs="?", default="1.3.6.1")


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Print the answer; returns 0 when the device gave one, else 1.

    Raises:
        ConfigError: the configuration is wrong, or has no such device.
    """
    check = snmp_check(settings, options)
    if options.question == "walk":
        return asyncio.run(_walk(check, options.oid))
    return asyncio.run(_identify(check))


async def _identify(check: Check[SnmpParams]) -> int:
    probe = SnmpProbe(lambda _: None)
    measured = await probe.measure(check)
    if measured.outcome is not Outcome.SUCCESS:
        print(f"{check.address}: {why(measured.reason, measured.detail)}")
        return 1
    texts = {name: dict(labels).get(name, "") for name, labels in measured.samples.series if labels}
    object_id = texts.get("sysObjectID")
    print(f"Địa chỉ / address      {check.address}")
    print(f"Tên / name             {texts.get('sysName', '')}")
    print(f"Mô tả / description    {texts.get('sysDescr', '')}")
    print(f"sysObjectID            {object_id or ''}")
    if measured.detail:
        print(f"Lưu ý / note           {measured.detail}")
    _print_profiles(profiles_for([AUTO], object_id), measured.samples)
    if profiles_for([AUTO], object_id) == profiles_for([AUTO], None):
        print(
            "\nChưa có hồ sơ cho hãng này / no profile for this maker yet:"
            " netwatch snmp walk, docs/snmp-profiles.md"
        )
    return 0


def _print_profiles(names: tuple[str, ...], readings: Readings) -> None:
    counts = Counter(name for name, _ in readings.series)
    print("\nHồ sơ / profile    Số chuỗi / series  Không có / missing")
    for name in names:
        metrics = [series.name for series in profile_series(load_profile(name))]
        missing = [metric for metric in metrics if not counts[metric]]
        listed = ", ".join(missing) if len(missing) < len(metrics) else "tất cả / all"
        print(f"{name:18} {sum(counts[metric] for metric in metrics):17}  {listed}".rstrip())


async def _walk(check: Check[SnmpParams], oid: str) -> int:
    root = oid.strip(".")
    if not re.fullmatch(r"[0-2](\.[0-9]{1,10}){1,126}", root):
        raise ConfigError([Problem(oid, "is not an OID; give numbers and dots, e.g. 1.3.6.1.2.1")])
    found = False
    try:
        async for name, value in objects(check, root):
            print(f"{name} = {_printable(value)}")
            found = True
    except PollError as error:
        print(f"{check.address}: {why(error.reason, error.detail)}")
        return 1
    return 0 if found else 1


def _printable(value: Value) -> str:
    """A value on one line, with its type; octets that are not text in hexadecimal."""
    if not isinstance(value, bytes):
        kind = "number" if isinstance(value, int | float) else "oid"
        return f"{kind} {value}"
    text = clean(value)
    if text.encode() == value.strip():
        return f"text {text}"
    return f"octets {value.hex(' ')}"
