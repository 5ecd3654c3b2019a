"""What should be exported, worked out from what net-snmp's own tools read from the same agent.

Nothing of netwatch's reading is used: values come from the printed lines of ``snmpbulkwalk`` and
``snmpget``, and this file says in the plainest way what a profile makes of them.
"""

from __future__ import annotations

import math
import re
import subprocess

from netwatch.snmp.profile import HELPERS, NUMBERS, Column, Light, Profile, Scalar, Table, ValueKind
from tests.harness.requirements import require_tool
from tests.recorded.agent import COMMUNITY

Series = dict[tuple[str, tuple[tuple[str, str], ...]], float]
"""Values by name and labels, these in the order of their names."""

Printed = int | str | bytes
"""A number; text of an OBJECT IDENTIFIER or address; octets."""

_OPTIONS = ["-v2c", "-c", COMMUNITY, "-m", "", "-On", "-Oe", "-OU", "-Ox", "-Ot", "-r1", "-t5"]
_LINE = re.compile(r"^\.([0-9.]+) = (?:([A-Za-z0-9 -]+): ?)?(.*?)\s*$", re.DOTALL)


def expected(profiles: list[Profile], port: int) -> Series:
    """What a poll by these profiles has to give."""
    found: Series = {}
    for profile in profiles:
        needed = [value for oid in profile.needs for value in _run("snmpget", port, oid).values()]
        if profile.needs and not needed:
            continue
        for scalar in profile.scalars:
            for value in _run("snmpget", port, scalar.oid).values():
                _add(found, scalar, {}, value)
        for table in profile.tables:
            _add_table(found, table, port)
    return found


def _add_table(found: Series, table: Table, port: int) -> None:
    columns: dict[str, tuple[Column, dict[str, Printed]]] = {}
    for entry in table.entries:
        printed = _run("snmpbulkwalk", port, entry.oid)
        for column in entry.columns:
            prefix = f"{entry.oid}.{column.column}."
            cells = {oid[len(prefix) :]: v for oid, v in printed.items() if oid.startswith(prefix)}
            columns[column.name] = column, cells
    shown = [(column, cells) for column, cells in columns.values() if column.kind not in HELPERS]
    for column, cells in shown:
        for index, value in cells.items():
            parts = index.split(".")
            numbers = {each[index]: other.none for other, each in shown if index in each}
            nothing = all(number in table.nothing | none for number, none in numbers.items())
            if len(parts) != len(table.index) or (table.nothing and nothing):
                continue
            named = zip(table.index, parts, strict=True)
            labels = {name: part for name, part in named if not name.startswith("_")}
            for name in table.labels:
                labels[name] = _label(columns[name][0], columns[name][1].get(index, b""))
            factor = 1.0
            for name in column.factors:
                factor *= _factor(columns[name][0].kind, columns[name][1].get(index))
            if factor:
                _add(found, column, labels, value, factor)


def _number(scalar: Scalar, value: Printed) -> float | None:
    """The number of a gauge, counter or reading; None where it is none."""
    if scalar.kind is ValueKind.READING:
        text = value.decode("latin-1") if isinstance(value, bytes) else ""
        text = text.partition(scalar.after)[2] if scalar.after else text
        word = re.match(r"[0-9.,:/+-]*(?:[eE][+-]?[0-9]+)?", text.strip())
        plain = word and re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?", word[0])
        number = float(plain[0]) if plain else None
    else:
        fits = isinstance(value, int) and (scalar.kind is ValueKind.GAUGE or value >= 0)
        number = float(value) if fits and isinstance(value, int) else None
    if number is None or number in scalar.none:
        return None
    if scalar.light is None:
        return number * scalar.scale
    if number > 0:
        return 10 * math.log10(number) - (0 if scalar.light is Light.MILLIWATTS else 30)
    return number / 100 if number and scalar.light is Light.MICROWATTS_OR_DBM else None


def _add(
    found: Series, scalar: Scalar, labels: dict[str, str], value: Printed, factor: float = 1.0
) -> None:
    if scalar.kind in NUMBERS:
        number = _number(scalar, value)
        if number is not None:
            found[scalar.metric, tuple(sorted(labels.items()))] = number * factor
        return
    if scalar.kind is ValueKind.ENUM_INFO and not isinstance(value, int):
        return
    if scalar.kind is ValueKind.MAC and not (isinstance(value, bytes) and len(value) == 6):
        return
    if scalar.kind is ValueKind.TEXT and isinstance(value, int):
        return
    text = value.hex(":").upper() if scalar.kind is ValueKind.MAC else _label(scalar, value)
    found[scalar.metric, tuple(sorted((labels | {scalar.name: text}).items()))] = 1.0


def _label(scalar: Scalar, value: Printed) -> str:
    if isinstance(value, int):
        return scalar.enum.get(value, str(value)) if scalar.enum else ""
    if scalar.enum and value != b"":
        return ""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text.encode()[:128].decode("utf-8", "ignore").rstrip()


def _factor(kind: ValueKind, value: Printed | None) -> float:
    """0 where the row does not say how its values are to be read."""
    if not isinstance(value, int):
        return 0.0
    if kind is ValueKind.DECIMALS:
        return 10.0**-value if -8 <= value <= 9 else 0.0
    names = "yocto zepto atto femto pico nano micro milli units kilo mega giga tera exa peta zetta"
    powers = {"exa": 18, "peta": 15}
    names_by_number = dict(enumerate([*names.split(), "yotta"], 1))
    if value not in names_by_number:
        return 0.0
    return 10.0 ** powers.get(names_by_number[value], 3 * (value - 9))


def _run(program: str, port: int, oid: str) -> dict[str, Printed]:
    command = [require_tool(program), *_OPTIONS, f"127.0.0.1:{port}", oid]
    if program == "snmpbulkwalk":
        command.insert(1, "-Cr50")
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    printed: dict[str, Printed] = {}
    for line in re.split(r"\n(?=\.[0-9.]+ = )", done.stdout.decode("latin-1")):
        match = _LINE.match(line)
        if match and "No Such" not in line and "No more variables" not in line:
            value = _value(match[2] or "", match[3])
            if value is not None:
                printed[match[1]] = value
    return printed


def _value(kind: str, text: str) -> Printed | None:
    if kind in {"Hex-STRING", "OPAQUE"}:
        return bytes.fromhex(text.replace("\n", " "))
    if kind == "STRING":
        return text.strip('"').encode("latin-1")
    if kind == "OID":
        return text.lstrip(".")
    if kind == "IpAddress":
        return text
    if text == '""':
        return b""
    return int(text) if re.fullmatch(r"-?\d+", text) else None


def read_text(port: int, oid: str) -> str:
    """One object that is an OBJECT IDENTIFIER; empty when the device has it not."""
    value = _run("snmpget", port, oid).get(oid, "")
    return value if isinstance(value, str) else ""
