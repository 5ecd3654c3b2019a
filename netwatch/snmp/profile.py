"""The grammar of a profile: which objects of a MIB are read, and what they are called.

Names, labels and values follow Prometheus' snmp_exporter, so that the dashboards and alert rules
that the field already has work unchanged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from netwatch.core.fact_rules import DerivationRule

Oid = Annotated[str, StringConstraints(pattern=r"^[0-2](\.(0|[1-9][0-9]{0,9})){2,127}$")]
"""Numbers and dots, without a leading dot (RFC 2578, section 3.5)."""

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")]
"""A metric's or a label's name; no colon, which belongs to recording rules."""

SubId = Annotated[int, Field(ge=1, le=0xFFFFFFFF)]


class ValueKind(StrEnum):
    """How a value becomes a series."""

    GAUGE = "gauge"
    """A number: INTEGER, Gauge32, TimeTicks."""
    COUNTER = "counter"
    """A number that only grows: Counter32, Counter64."""
    READING = "reading"
    """A number written as text, with or without its unit: OCTET STRING."""
    TEXT = "text"
    """``name{name="<text>"} 1``: OCTET STRING, OBJECT IDENTIFIER, IpAddress."""
    MAC = "mac"
    """``name{name="00:00:5E:00:53:01"} 1``: PhysAddress of six octets."""
    ENUM_INFO = "enum_info"
    """``name_info{name="<word>"} 1``: INTEGER whose numbers have words."""
    LABEL = "label"
    """No series of its own: a label on every row of its table."""
    PREFIX = "prefix"
    """No series of its own: the row's SI prefix, 1 yocto to 17 yotta (RFC 3433)."""
    DECIMALS = "decimals"
    """No series of its own: how many digits of the row's value follow the point (RFC 3433)."""


NUMBERS = frozenset({ValueKind.GAUGE, ValueKind.COUNTER, ValueKind.READING})
"""Kinds whose series carry the device's number."""

LIT = frozenset({ValueKind.GAUGE, ValueKind.READING})
"""Kinds that may be an optical power."""

HELPERS = frozenset({ValueKind.LABEL, ValueKind.PREFIX, ValueKind.DECIMALS})
"""Kinds of columns that say something of their row, and have no series."""


class Light(StrEnum):
    """How a device tells the optical power that its series has in dBm."""

    MICROWATTS = "microwatts"
    """Microwatts; 0 is no light, which has no dBm."""
    MILLIWATTS = "milliwatts"
    """Milliwatts, most often as text with a decimal point; 0 is no light."""
    MICROWATTS_OR_DBM = "microwatts_or_hundredths_of_dbm"
    """Microwatts above 0 and hundredths of a dBm below, as older and newer software do it."""


class StrictModel(BaseModel):
    """A part of a file that we ship; a key that it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Scalar(StrictModel):
    """One object, or one column of a table.

    Attributes:
        name: its descriptor in the MIB.
        kind: how a value becomes a series.
        help: one line for the metric's HELP.
        shown: the metric's name where it is not ``name``, because the unit is another one.
        scale: factor from the device's unit to the series' unit.
        none: numbers by which a device says that it has no value.
        light: makes dBm of an optical power; None where nothing is to be made of it.
        after: of a reading: the words behind which its number stands; empty: the text begins with
            it.
        enum: words of an ``enum_info`` or of a label; for a gauge, what its numbers mean.
    """

    name: Name
    kind: ValueKind
    help: Annotated[str, StringConstraints(pattern=r"^\S[^\n]{0,199}$")]
    shown: Name | None = None
    scale: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    none: frozenset[int] = frozenset()
    light: Light | None = None
    after: Annotated[str, StringConstraints(max_length=64)] = ""
    enum: dict[int, Name] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _keys_fit_the_kind(self) -> Scalar:
        if self.kind is ValueKind.ENUM_INFO and not self.enum:
            raise ValueError(f"{self.name}: kind enum_info needs enum")
        if self.enum and self.kind not in {ValueKind.ENUM_INFO, ValueKind.LABEL, ValueKind.GAUGE}:
            raise ValueError(f"{self.name}: enum belongs to kinds enum_info, label and gauge")
        if self.kind not in NUMBERS and (self.scale != 1.0 or self.none):
            raise ValueError(f"{self.name}: scale and none belong to kinds with a number")
        if self.light and (self.kind not in LIT or self.scale != 1.0):
            raise ValueError(f"{self.name}: light belongs to gauges and readings, without scale")
        if self.after and self.kind is not ValueKind.READING:
            raise ValueError(f"{self.name}: after belongs to kind reading")
        return self

    @property
    def metric(self) -> str:
        """Name of the series."""
        name = self.shown or self.name
        return f"{name}_info" if self.kind is ValueKind.ENUM_INFO else name

    @property
    def meaning(self) -> str:
        """The HELP text: ``help``, and what the numbers of an enumeration mean."""
        if self.kind is not ValueKind.GAUGE or not self.enum:
            return self.help
        words = ", ".join(f"{number} {word}" for number, word in sorted(self.enum.items()))
        return f"{self.help.rstrip('.')}: {words}."

    @property
    def own_labels(self) -> tuple[str, ...]:
        """Labels that carry the value itself."""
        return (
            (self.name,)
            if self.kind in {ValueKind.TEXT, ValueKind.MAC, ValueKind.ENUM_INFO}
            else ()
        )


class Instance(Scalar):
    """A scalar object with its whole OID, the final ``.0`` included."""

    oid: Oid

    @model_validator(mode="after")
    def _has_a_series(self) -> Instance:
        if self.kind in HELPERS:
            raise ValueError(f"{self.name}: only a column can be a {self.kind}")
        return self


class Column(Scalar):
    """A column of a table, by its number within the entry.

    Attributes:
        column: the number.
        factors: names of columns of the same table that this one's values are multiplied by.
    """

    column: SubId
    factors: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _factors_are_for_numbers(self) -> Column:
        if self.factors and self.kind is not ValueKind.GAUGE:
            raise ValueError(f"{self.name}: factors belong to kind gauge")
        return self


class TableEntry(StrictModel):
    """The OID under which the columns of a table lie (``ifEntry``), and which of them are read."""

    oid: Oid
    columns: tuple[Column, ...] = Field(min_length=1)


class Lesser(StrictModel):
    """Rows of a table that matter less than others, such as loopback and VLAN interfaces.

    Attributes:
        column: name of a column that is an INTEGER.
        values: its numbers in these rows.
    """

    column: Name
    values: frozenset[int] = Field(min_length=1)


class Table(StrictModel):
    """Entries that share their index, as ``ifXEntry`` augments ``ifEntry``.

    Attributes:
        name: for messages.
        index: names of the sub-identifiers that tell the rows apart; each becomes a label,
            unless it begins with an underscore.
        labels: names of the columns of kind ``label`` that every row carries.
        entries: in the order in which they are read.
        lesser: rows that are shown last, or not at all.
        nothing: numbers that say nothing where a row has no others, such as the zeros of a slot
            without a sensor; such rows are left out.
    """

    name: Name
    nothing: frozenset[int] = frozenset()
    lesser: Lesser | None = None
    index: tuple[Name, ...] = Field(min_length=1, max_length=8)
    labels: tuple[Name, ...] = ()
    entries: tuple[TableEntry, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _labels_are_columns(self) -> Table:
        columns = [column for entry in self.entries for column in entry.columns]
        given = sorted(column.name for column in columns if column.kind is ValueKind.LABEL)
        if given != sorted(self.labels):
            wanted = sorted(self.labels)
            raise ValueError(f"{self.name}: labels {wanted}, but columns of kind label {given}")
        for entry in self.entries:
            _unique(f"{self.name}: columns of {entry.oid}", (c.column for c in entry.columns))
        if self.lesser and self.lesser.column not in {column.name for column in columns}:
            raise ValueError(f"{self.name}: lesser rows by {self.lesser.column}, which is not read")
        factors = {c.name for c in columns if c.kind in {ValueKind.PREFIX, ValueKind.DECIMALS}}
        if used := {name for column in columns for name in column.factors} ^ factors:
            raise ValueError(f"{self.name}: factors without column, or never used: {sorted(used)}")
        _unique(f"{self.name}: labels", (*self.index, *self.labels))
        _unique(f"{self.name}: entries", (entry.oid for entry in self.entries))
        return self

    @property
    def row_labels(self) -> tuple[str, ...]:
        """Label names of every row, in the order of ``Sample.labels``."""
        return (*(name for name in self.index if not name.startswith("_")), *self.labels)


class FactRule(DerivationRule):
    """A rule about a meeting endpoint, and whose values it judges.

    Attributes:
        of: a series of the profile that carries a number; where the numbers have words, the rule
            sees those.
    """

    of: Name

    @model_validator(mode="after")
    def _knows_no_absence(self) -> FactRule:
        if self.missing is not None:
            raise ValueError("missing: what a device has not and what is empty look the same")
        return self


class Profile(StrictModel):
    """The content of one file under ``profiles/``.

    Attributes:
        mib: where the objects are defined (MIB module and RFC).
        devices: what the sysObjectID of the devices that have them begins with; none: any device.
        needs: single objects of it of which a device has at least one, if it has anything of it;
            they are asked for first. Empty: all is asked for.
        by_name: read only where a check names it, because it is not certain what its devices say.
        facts: what the values say of a meeting endpoint.
        scalars: single objects.
        tables: walked as a whole.
    """

    mib: str
    devices: tuple[Oid, ...] = ()
    needs: frozenset[Oid] = frozenset()
    by_name: bool = False
    facts: tuple[FactRule, ...] = ()
    scalars: tuple[Instance, ...] = ()
    tables: tuple[Table, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> Profile:
        for table in self.tables:
            _unique("metrics", (c.metric for entry in table.entries for c in entry.columns))
        columns = (c for table in self.tables for entry in table.entries for c in entry.columns)
        series = (column for column in columns if column.kind not in HELPERS)
        _unique("metrics", (thing.metric for thing in (*self.scalars, *series)))
        _unique("tables", (table.name for table in self.tables))
        if not self.scalars and not self.tables:
            raise ValueError("a profile needs scalars or tables")
        if unread := self.needs - {scalar.oid for scalar in self.scalars}:
            raise ValueError(f"needs objects that are not read: {', '.join(sorted(unread))}")
        if self.by_name and self.devices:
            raise ValueError("devices are for profiles that are found by them; remove by_name")
        if unknown := {rule.of for rule in self.facts} - self.objects.keys():
            raise ValueError(f"facts of series without a number: {', '.join(sorted(unknown))}")
        return self

    @property
    def objects(self) -> dict[str, Scalar]:
        """Every object whose series carries a number, by the series' name."""
        columns = (c for table in self.tables for entry in table.entries for c in entry.columns)
        return {thing.metric: thing for thing in (*self.scalars, *columns) if thing.kind in NUMBERS}


def _unique(what: str, names: Iterable[object]) -> None:
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise ValueError(f"{what}: given twice: {', '.join(map(str, twice))}")
