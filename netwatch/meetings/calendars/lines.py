"""Octets of iCalendar streams as the few lines that matter (RFC 5545, sections 3.1 and 3.4).

Linear in its input. What is not needed is not looked at, so it can't hurt.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

NEEDED = frozenset(
    {
        *("UID", "SEQUENCE", "RECURRENCE-ID", "SUMMARY", "LOCATION", "STATUS", "TRANSP"),
        *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "METHOD"),
        *("X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-CDO-BUSYSTATUS"),
        *("TZID", "X-LIC-LOCATION", "TZOFFSETFROM", "TZOFFSETTO"),
    }
)
"""Properties that are read, of events and of definitions of time zones."""

_TEXTS = frozenset({"UID", "SUMMARY", "LOCATION", "TZID"})
"""Properties whose values may have colons."""

_WANTED = frozenset({"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"})
MAX_DEPTH = 8
"""Components within each other, as far as they are told apart."""

_NAME = re.compile(r"[ \t]*([A-Za-z0-9-]{1,64})[ \t]*(?=[;:])")
_PARAMETER = re.compile(r';[ \t]*([A-Za-z0-9-]+)=((?:"[^"]*"|[^";])*)')
_HEAD = re.compile(r'(?:[^":]+|"[^"]*")*')
_FOLD = re.compile(rb"\n[ \t]")
_VALUE_DATE = re.compile(r":(?=[ \t]*[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ])")
"""Where a time begins that is written with colons, as ISO 8601 allows and RFC 5545 does not."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property; parameters by upper-case name, without quotes."""

    value: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Component:
    """A component with its needed properties, in their order.

    Attributes:
        method: of the calendar that it stands in (RFC 5546), in capitals; empty when it has none.
        is_whole: its END was there.
    """

    name: str
    method: str = ""
    properties: dict[str, list[Property]] = field(default_factory=dict)
    parts: list[Component] = field(default_factory=list)
    is_whole: bool = False

    def first(self, name: str) -> Property | None:
        """The first property of a name."""
        return next(iter(self.properties.get(name, ())), None)

    def text(self, name: str) -> str:
        """The value of the first property of a name; empty when there is none."""
        found = self.first(name)
        return "" if found is None else found.value


@dataclass(frozen=True, slots=True)
class CalendarStream:
    """What stands in a stream of calendars.

    Attributes:
        calendars: how many there are; 0: it is no calendar.
        events: of all of them.
        zones: definitions of time zones, of all of them.
        is_whole: every calendar has its END.
    """

    calendars: int
    events: list[Component]
    zones: list[Component]
    is_whole: bool


def unfold(content: bytes) -> str:
    """The text of octets, a line each; a fold may stand within a letter.

    Octets that are not UTF-8 become U+FFFD; a byte order mark is dropped, wherever a file begins.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = content.decode("utf-16", "replace").encode()
    content = content.replace(codecs.BOM_UTF8, b"")
    for ends in (b"\r\r\n", b"\r\n", b"\r"):
        content = content.replace(ends, b"\n")
    return _FOLD.sub(b"", content).decode("utf-8", "replace")


def read_stream(text: str) -> CalendarStream:
    """The events and time zones of unfolded text."""
    scanner = _Scanner()
    for line in text.split("\n"):
        scanner.take(line)
    return scanner.end()


class _Scanner:
    """Takes one line after the other, and keeps what is open."""

    def __init__(self) -> None:
        self._open: list[Component] = []
        self._too_deep = 0
        self._calendars: list[Component] = []
        self._events: list[Component] = []
        self._zones: list[Component] = []

    def take(self, line: str) -> None:
        match = _NAME.match(line)
        if match is None:
            return
        name = match[1].upper()
        if name == "BEGIN":
            self._begin(line[match.end() + 1 :].strip().upper())
        elif name == "END":
            self._end(line[match.end() + 1 :].strip().upper())
        elif name in NEEDED and self._open and not self._too_deep:
            component = self._open[-1]
            if component.name in _WANTED:
                read = parse_property(name, line[match.end() :])
                component.properties.setdefault(name, []).append(read)

    def end(self) -> CalendarStream:
        is_whole = all(calendar.is_whole for calendar in self._calendars)
        return CalendarStream(len(self._calendars), self._events, self._zones, is_whole)

    def _begin(self, name: str) -> None:
        if name == "VCALENDAR":
            self._open, self._too_deep = [], 0
        elif name in {"VEVENT", "VTIMEZONE"}:  # stand in no other, so what is open lacks its END
            self._close_to("VCALENDAR")
        if len(self._open) >= MAX_DEPTH:
            self._too_deep += 1
            return
        component = Component(name)
        if self._open and name in {"STANDARD", "DAYLIGHT"}:
            self._open[-1].parts.append(component)
        self._open.append(component)
        self._keep(component)

    def _keep(self, component: Component) -> None:
        calendar = self._open[0]
        if component.name == "VCALENDAR":
            self._calendars.append(component)
        elif calendar.name == "VCALENDAR" and component.name == "VEVENT":
            component.method = calendar.text("METHOD").strip().upper()
            self._events.append(component)
        elif calendar.name == "VCALENDAR" and component.name == "VTIMEZONE":
            self._zones.append(component)

    def _end(self, name: str) -> None:
        if self._too_deep:
            self._too_deep -= 1
        elif any(component.name == name for component in self._open):
            self._close_to(name)
            self._open.pop().is_whole = True

    def _close_to(self, name: str) -> None:
        """Leave what is open within the innermost component of a name."""
        if any(component.name == name for component in self._open):
            self._too_deep = 0
            while self._open[-1].name != name:
                self._open.pop()


def parse_property(name: str, rest: str) -> Property:
    """A property from what stands behind its name.

    Only texts have colons in their values. In all others the last colon begins the value, so a
    parameter may have colons without quotes, as some programs write names of time zones.
    """
    if name in _TEXTS:
        end = _end_of_parameters(rest)
        head, value = rest[:end], rest[end + 1 :]
    elif (begins := _VALUE_DATE.search(rest)) is not None:
        head, value = rest[: begins.start()], rest[begins.end() :]
    else:
        head, _, value = rest.rpartition(":")
    found = {key.upper(): text.replace('"', "").strip() for key, text in _parameters(head)}
    return Property(value.strip(), found)


def _end_of_parameters(rest: str) -> int:
    """Where the first colon outside quotes stands; if quotes don't end, the first of all."""
    head = _HEAD.match(rest)
    end = 0 if head is None else head.end()
    return end if rest.startswith(":", end) else max(0, rest.find(":"))


def _parameters(head: str) -> Iterator[tuple[str, str]]:
    for match in _PARAMETER.finditer(head):
        yield match[1], match[2]
