"""The objects that one simulated device shows: SNMPv2-MIB system group, IF-MIB tables."""

from __future__ import annotations

import bisect
import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass

from netwatch.lab import ber
from netwatch.lab.ber import Oid

Value = Callable[[float], bytes]
"""Gives the encoded value of an object for the seconds that its device has been up."""

SYSTEM: Oid = (1, 3, 6, 1, 2, 1, 1)
IF_NUMBER: Oid = (1, 3, 6, 1, 2, 1, 2, 1, 0)
IF_ENTRY: Oid = (1, 3, 6, 1, 2, 1, 2, 2, 1)
IFX_ENTRY: Oid = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
_EXAMPLE_ENTERPRISE: Oid = (1, 3, 6, 1, 4, 1, 32473)  # RFC 5612: reserved for examples

_ETHERNET_CSMACD, _YES, _NO, _UP, _DOWN = 6, 1, 2, 1, 2
_TRAFFIC_PERIOD = 600.0
"""Seconds between two peaks of the simulated traffic."""


@dataclass(frozen=True, slots=True)
class LabInterface:
    """One port of a device.

    Attributes:
        speed: bits a second.
        load: mean share of the speed that is used, 0 to 1.
    """

    name: str
    speed: float
    alias: str = ""
    load: float = 0.2


class Mib:
    """The objects of one device, in the order of their identifiers.

    Attributes:
        down: names of the interfaces whose line is cut now.
    """

    def __init__(self, name: str, description: str, interfaces: tuple[LabInterface, ...]) -> None:
        self.down: set[str] = set()
        self._changed: dict[str, float] = {}  # seconds since the start, by interface
        self._indexes = {each.name: index for index, each in enumerate(interfaces, start=1)}
        objects = _system(name, description)
        objects[IF_NUMBER] = _fixed(ber.integer(len(interfaces)))
        for index, interface in enumerate(interfaces, start=1):
            for column, value in self._if_entry(name, index, interface).items():
                objects[*IF_ENTRY, column, index] = value
            for column, value in _ifx_entry(name, interface).items():
                objects[*IFX_ENTRY, column, index] = value
        self.oids = sorted(objects)
        self.values = [objects[oid] for oid in self.oids]

    def index(self, interface: str) -> int | None:
        """The ifIndex of an interface; None when the device has none of this name."""
        return self._indexes.get(interface)

    def set_line(self, interface: str, *, up: bool, at: float) -> None:
        """Connect an interface, or not; ``at``: seconds since the device started."""
        if up is (interface in self.down):
            self._changed[interface] = at
        (self.down.discard if up else self.down.add)(interface)

    def find(self, oid: Oid) -> int | None:
        """Position of an object; None when there is none of this name."""
        at = bisect.bisect_left(self.oids, oid)
        return at if at < len(self.oids) and self.oids[at] == oid else None

    def after(self, oid: Oid) -> int:
        """Position of the first object behind ``oid``; len(self.oids) when it is the last."""
        return bisect.bisect_right(self.oids, oid)

    def _if_entry(self, device: str, index: int, interface: LabInterface) -> dict[int, Value]:
        up, down, ticks = ber.integer(_UP), ber.integer(_DOWN), ber.TIME_TICKS
        mac = b"\x02" + hashlib.blake2b(f"{device}/{index}".encode(), digest_size=5).digest()
        traffic = _traffic(device, interface, ber.COUNTER32)
        return {
            1: _fixed(ber.integer(index)),
            2: _fixed(ber.octets(interface.name)),
            3: _fixed(ber.integer(_ETHERNET_CSMACD)),
            4: _fixed(ber.integer(1500)),
            5: _fixed(ber.integer(min(int(interface.speed), 0xFFFFFFFF), ber.GAUGE32)),
            6: _fixed(ber.octets(mac)),
            7: _fixed(up),
            8: lambda _: down if interface.name in self.down else up,
            9: lambda now: ber.integer(int(self._changed_before(interface.name, now) * 100), ticks),
            10: traffic["in"],
            11: traffic["in packets"],
            13: traffic["discards"],
            14: traffic["errors"],
            16: traffic["out"],
            17: traffic["out packets"],
            19: traffic["discards"],
            20: traffic["errors"],
        }

    def _changed_before(self, interface: str, now: float) -> float:
        """ifLastChange; 0 for what changed before the device started (RFC 2863)."""
        changed = self._changed.get(interface, 0.0)
        return changed if changed <= now else 0.0


def _system(name: str, description: str) -> dict[Oid, Value]:
    return {
        (*SYSTEM, 1, 0): _fixed(ber.octets(description)),
        (*SYSTEM, 2, 0): _fixed(ber.oid((*_EXAMPLE_ENTERPRISE, 1))),
        (*SYSTEM, 3, 0): lambda up: ber.integer(int(up * 100) & 0xFFFFFFFF, ber.TIME_TICKS),
        (*SYSTEM, 4, 0): _fixed(ber.octets("netwatch lab")),
        (*SYSTEM, 5, 0): _fixed(ber.octets(name)),
        (*SYSTEM, 6, 0): _fixed(ber.octets("lab")),
        (*SYSTEM, 7, 0): _fixed(ber.integer(72)),
    }


def _ifx_entry(device: str, interface: LabInterface) -> dict[int, Value]:
    narrow = _traffic(device, interface, ber.COUNTER32)
    wide = _traffic(device, interface, ber.COUNTER64)
    return {
        1: _fixed(ber.octets(interface.name)),
        2: narrow["multicast"],
        3: narrow["multicast"],
        4: narrow["multicast"],
        5: narrow["multicast"],
        6: wide["in"],
        7: wide["in packets"],
        8: wide["multicast"],
        9: wide["multicast"],
        10: wide["out"],
        11: wide["out packets"],
        12: wide["multicast"],
        13: wide["multicast"],
        14: _fixed(ber.integer(_YES)),
        15: _fixed(ber.integer(int(interface.speed / 1e6), ber.GAUGE32)),
        16: _fixed(ber.integer(_NO)),
        17: _fixed(ber.integer(_YES)),
        18: _fixed(ber.octets(interface.alias)),
        19: _fixed(ber.integer(0, ber.TIME_TICKS)),
    }


def _fixed(encoded: bytes) -> Value:
    return lambda _: encoded


def _traffic(device: str, interface: LabInterface, tag: int) -> dict[str, Value]:
    """The counters of an interface since its device started; their rates rise and fall.

    Args:
        device: name of the device.
        interface: one of its ports.
        tag: BER type of the counters.
    """
    digest = hashlib.blake2b(f"{device}/{interface.name}".encode(), digest_size=2).digest()
    phase = digest[0] / 256 * 2 * math.pi
    octets = interface.speed / 8 * interface.load * (0.5 + digest[1] / 256)

    def growing(rate: float) -> Value:
        limit = 2**32 if tag == ber.COUNTER32 else 2**64

        def value(up: float) -> bytes:
            # The rate swings between 40 % and 160 %; this is its integral, so it never falls.
            swing = math.cos(phase) - math.cos(2 * math.pi * up / _TRAFFIC_PERIOD + phase)
            total = rate * (up + 0.6 * _TRAFFIC_PERIOD / (2 * math.pi) * swing)
            return ber.integer(int(total) % limit, tag)

        return value

    return {
        "in": growing(octets),
        "out": growing(octets * 0.4),
        "in packets": growing(octets / 700),
        "out packets": growing(octets * 0.4 / 300),
        "multicast": growing(0.5),
        "discards": growing(0.01),
        "errors": growing(0.001),
    }
