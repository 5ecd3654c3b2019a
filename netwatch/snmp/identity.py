"""What a device says that it is: its parts with model, serial number and software."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from netwatch.core.result import Readings
from netwatch.snmp.values import Value, clean

ENTITIES = "1.3.6.1.2.1.47.1.1.1.1"
"""entPhysicalEntry (ENTITY-MIB, RFC 6933)."""

NAME, SOFTWARE, SERIAL, MODEL, CLASS = 7, 10, 11, 13, 5
"""Columns of entPhysicalEntry: entPhysicalName, -SoftwareRev, -SerialNum, -ModelName, -Class."""

COLUMNS = (CLASS, NAME, SOFTWARE, SERIAL, MODEL)

_CHASSIS = 3
"""entPhysicalClass of a chassis; each device of a stack has one."""

OWN = {
    "model": (
        "upsIdentModel",
        "upsBasicIdentModel",
        "panChassisType",
        "jnxBoxDescr",
        "mtxrBoardName",
        "svnApplianceProductName",
        "wlsxSysExtModelName",
        "synologyModelName",
        "hikDeviceType",
        "dahuaDeviceType",
        "routerModel",
        "productIdentificationDisplayName",
        "xupsIdentModel",
        "upsmgIdentFamilyName",
        "cpsBaseIdentModel",
        "xppcBaseIdentModel",
        "socomecIdentModel",
        "dellUpsDisplayName",
        "sfosDeviceType",
        "f5GeneralHwName",
    ),
    "serial": (
        "upsAdvIdentSerialNumber",
        "fnSysSerial",
        "fsSysSerial",
        "panSysSerialNumber",
        "jnxBoxSerialNo",
        "mtxrSerialNumber",
        "svnApplianceSerialNumber",
        "wlsxSysExtSerialNumber",
        "synologySerialNumber",
        "dahuaSerialNumber",
        "upsmgIdentSerialNumber",
        "cpsAdvanceIdentSerialNumber",
        "socomecIdentSerialNumber",
        "dellUpsSerialNumber",
        "sfosDeviceAppKey",
        "f5GeneralChassisSerialNum",
    ),
    "software": (
        "upsIdentUPSSoftwareVersion",
        "upsAdvIdentFirmwareRevision",
        "fgSysVersion",
        "fsSysVersion",
        "panSysSwVersion",
        "mtxrFirmwareVersion",
        "svnVersion",
        "wlsxSysExtSwVersion",
        "synologyVersion",
        "hikSoftwVersion",
        "dahuaSystemVersion",
        "routerRevision",
        "productIdentificationVersion",
        "xupsIdentSoftwareVersion",
        "upsmgIdentFirmwareVersion",
        "cpsAdvanceIdentFirmwareRevision",
        "socomecIdentAgentSoftwareVersion",
        "dellUpsVersion",
        "sfosDeviceFWVersion",
        "f5ProductVersion",
        "vmwProdVersion",
    ),
}
"""Series of the makers' profiles that have it as a text, by what they tell."""


class Part(NamedTuple):
    """A chassis, or a device that names none; what it does not tell is empty."""

    name: str
    model: str
    serial: str
    software: str


def parts(readings: Readings, entities: Mapping[tuple[int, int], Value]) -> list[Part]:
    """The chassis of a device; one without a name for a device that tells of none.

    Args:
        readings: of a poll with all profiles that fit it.
        entities: cells of entPhysicalEntry by column and row.
    """
    own = identity(readings)
    rows = [
        row for (column, row), value in entities.items() if (column, value) == (CLASS, _CHASSIS)
    ]
    found = [_chassis(entities, row) for row in rows]
    told = [part for part in found if part.model or part.serial]
    if len(told) > 1:
        return told
    first = told[0] if told else Part("", "", "", "")
    return [
        Part(
            first.name,
            first.model or own["model"],
            first.serial or own["serial"],
            first.software or own["software"],
        )
    ]


def identity(readings: Readings) -> dict[str, str]:
    """Model, serial number and software by the maker's own objects; what isn't told is empty."""
    texts = {name: dict(labels).get(name, "") for name, labels in readings.series if labels}
    return {
        field: next((texts[name] for name in names if texts.get(name)), "")
        for field, names in OWN.items()
    }


def _chassis(entities: Mapping[tuple[int, int], Value], row: int) -> Part:
    def text(column: int) -> str:
        value = entities.get((column, row))
        return clean(value) if isinstance(value, bytes) else ""

    return Part(text(NAME), text(MODEL), text(SERIAL), text(SOFTWARE))


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    """Rows as a table that a spreadsheet opens, and that can't make it compute anything."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue()


def _harmless(cell: str) -> str:
    """A device chooses its texts: what begins like a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.lstrip().startswith(("=", "+", "-", "@")) else cell
