"""Injects faults: commands the wire and the province, and logs what they did and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from netwatch.lab.child import Child, Message
from netwatch.lab.faults import Fault
from netwatch.lab.impairment import UNIMPAIRED, Impairment, combine
from netwatch.lab.log import Log
from netwatch.lab.loss import LossProcess
from netwatch.lab.world import World

_NEEDS_WIRE = ("loss", "delay", "duplicate", "reorder", "blind", "open")


class FaultInjector:
    """Begins and ends faults, and knows which ones are active.

    Args:
        world: the province.
        relay: the wire; None in the lab without namespaces, where devices can only fall silent.
        province: the devices.
        log: gets each begin and end, with the time at which it had been done.
    """

    def __init__(self, world: World, relay: Child | None, province: Child, log: Log) -> None:
        self._world = world
        self._relay = relay
        self._province = province
        self._log = log
        self._active: list[Fault] = []

    def begin(self, fault: Fault) -> None:
        """Begin a fault; one that needs a wire is skipped, and logged, where there is none."""
        if self._relay is None and fault.kind in _NEEDS_WIRE:
            self._log.write(
                "skipped", kind=fault.kind, subject=fault.subject, why="there is no wire"
            )
            return
        self._active.append(fault)
        self._note(fault, self._apply(fault), begins=True)

    def end(self, fault: Fault) -> None:
        """End a fault; nothing happens when it is not active."""
        if fault not in self._active:
            return
        self._active.remove(fault)
        if fault.reboot is not None:
            self._province.ask({"do": "restart", "device": fault.reboot})
        self._note(fault, self._apply(fault), begins=False)

    def raise_barriers(self) -> Message:
        """Block all flows that must be blocked, except those that a fault opens.

        Returns:
            When that was done, as the relay says; empty without a wire.
        """
        opened = {fault.open for fault in self._active}
        barriers = [
            (barrier.address, barrier.protocol, barrier.port)
            for flow, barrier in self._world.barriers.items()
            if flow not in opened
        ]
        return self._relay.ask({"do": "bar", "barriers": barriers}) if self._relay else {}

    def count(self) -> None:
        """Write the wire's counts into the log."""
        if self._relay:
            self._log.write("counts", **self._relay.ask({"do": "counts"}))

    def _apply(self, fault: Fault) -> Message:
        """Set everything that the fault touches to what the active faults make of it.

        Returns:
            When that was done, as the helper process says; empty when nothing was to be done.
        """
        if fault.open is not None:
            return self.raise_barriers()
        if fault.call is not None:
            calls = {a for each in self._active if each.call for a in self._reach(each)}
            return self._province.ask({"do": "call", "addresses": sorted(calls)})
        if fault.cut is not None:
            self._set_lines(self._lines(fault))
        done: Message = {}
        for impairment, addresses in self._impairments(self._reach(fault)).items():
            if self._relay:
                order = {
                    "do": "impair",
                    "addresses": addresses,
                    "impairment": asdict(impairment),
                }
                done = self._relay.ask(order)
            else:
                verb = "silence" if impairment.cut else "speak"
                done = self._province.ask({"do": verb, "addresses": addresses})
        return done

    def _note(self, fault: Fault, done: Message, *, begins: bool) -> None:
        self._log.write(
            "fault",
            action="begin" if begins else "end",
            kind=fault.kind,
            subject=fault.subject,
            addresses=list(self._reach(fault)),
            **done,
        )

    def _impairments(self, addresses: Iterable[str]) -> dict[Impairment, list[str]]:
        """These addresses, grouped by the impairment that they have now."""
        reaches = [(fault, frozenset(self._reach(fault))) for fault in self._active]
        groups: dict[Impairment, list[str]] = {}
        for address in addresses:
            impairment = combine(_impairment(fault) for fault, reach in reaches if address in reach)
            groups.setdefault(impairment, []).append(address)
        return groups

    def _reach(self, fault: Fault) -> tuple[str, ...]:
        """The addresses that a fault touches."""
        world = self._world
        if fault.reboot is not None:
            return (world.devices[fault.reboot].address,)
        if fault.open is not None:
            return (world.barriers[fault.open].address,)
        if fault.blind is not None:
            return tuple(address for site in world.addresses.values() for address in site)
        if fault.subject in world.addresses:
            return world.addresses_behind(fault.subject)
        # A line: whoever has no other one to its parent is cut off, with all that is behind.
        alone = (site for site, lines in world.uplinks.items() if lines == (fault.subject,))
        return tuple(address for site in alone for address in world.addresses_behind(site))

    def _lines(self, fault: Fault) -> tuple[str, ...]:
        """The lines that a cut interrupts."""
        assert fault.cut is not None
        return self._world.uplinks.get(fault.cut, (fault.cut,) * (fault.cut in self._world.lines))

    def _set_lines(self, lines: Iterable[str]) -> None:
        """The interfaces at both ends of a line go down with it, and up when no cut is left."""
        cut = {line for fault in self._active if fault.cut for line in self._lines(fault)}
        for line in lines:
            ends = self._world.lines[line]
            self._province.ask({"do": "line", "ends": ends, "up": line not in cut})


def _impairment(fault: Fault) -> Impairment:
    if fault.open is not None or fault.call is not None:
        return UNIMPAIRED  # they act on barriers, and on endpoints
    if fault.loss is not None:
        losses = (LossProcess(fault.loss.ratio, fault.loss.burst),)
        return (
            Impairment(losses=losses) if fault.loss.way == "out" else Impairment(losses_back=losses)
        )
    if fault.delay is not None:
        return Impairment(delay=fault.delay.delay, jitter=fault.delay.jitter)
    if fault.duplicate is not None:
        return Impairment(duplicate=fault.duplicate.ratio)
    if fault.reorder is not None:
        return Impairment(reorder=fault.reorder.ratio, reorder_by=fault.reorder.by)
    return Impairment(cut=True)
