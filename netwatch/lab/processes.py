"""Starts the lab's helper processes and, with namespaces, lays the cables between them."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from netwatch.core.credential import Credential, UserCredential
from netwatch.core.errors import ConfigError, Problem, StartError
from netwatch.inventory.credentials import Secrets, resolve
from netwatch.inventory.model import Inventory
from netwatch.lab import cable, province, relay
from netwatch.lab.child import Channel, Child, start
from netwatch.lab.namespaces import enter_network_namespace, enter_user_namespace
from netwatch.lab.province import SimulatedProvince
from netwatch.lab.wire import Wire
from netwatch.lab.world import World


@dataclass(frozen=True, slots=True)
class WireSettings:
    """Settings of the wire.

    Attributes:
        seed: of its random numbers, so that what it does can be repeated.
        round_trips: file to write the round trip of each echo to; None: they are not measured.
    """

    seed: int
    round_trips: Path | None = None


@dataclass(frozen=True, slots=True)
class LabProcesses:
    """The helper processes that run.

    Attributes:
        wire: the relay; None without namespaces.
        province: the devices.
    """

    wire: Child | None
    province: Child

    def helpers(self) -> list[Child]:
        """All helper processes."""
        return [helper for helper in (self.wire, self.province) if helper]


def missing_support() -> str:
    """Why the two-sided lab can't be built on this machine; empty when it can.

    Tried in a child, because a namespace can't be left again, and a machine may allow the
    namespace but nothing inside it.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            enter_user_namespace()
            cable.attach(os.getpid(), cable.NEAR)
            socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()
            status = 0
        except OSError as error:
            os.write(writer, str(error).encode()[:500])
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        reason = stream.read().decode()
    _, status = os.waitpid(child, 0)
    return (reason or "unknown reason") if status else ""


def credentials(inventory: Inventory, world: World, secrets: Secrets) -> dict[str, Credential]:
    """The credentials that the devices know, by name.

    Raises:
        ConfigError: with every secret that is missing or may not be used.
        StartError: SNMP v3 is not possible with what is installed.
    """
    found: dict[str, Credential] = {}
    problems: list[Problem] = []
    for name in sorted({d.credential for d in world.devices.values() if d.credential}):
        try:
            found[name] = resolve(inventory.credentials[name], secrets)
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    if any(isinstance(credential, UserCredential) for credential in found.values()):
        # Imported only where it is needed: pysnmp is large.
        from netwatch.lab.agent_v3 import check_possible  # noqa: PLC0415

        check_possible()
    return found


def start_processes(
    stack: ExitStack,
    inventory: Inventory,
    world: World,
    devices: SimulatedProvince,
    plan: WireSettings | None,
) -> LabProcesses:
    """Start the helper processes; the stack ends them.

    With a plan for the wire, this process enters namespaces and becomes the collector's side.

    Raises:
        NetwatchError: a helper can't start; the message says why.
        StartError: the kernel refused a namespace or a cable.
    """
    if plan is None:
        playing = _started(stack, "province", lambda channel: province.serve(channel, devices))
        playing.ready()
        return LabProcesses(None, playing)
    try:
        enter_user_namespace()
        wire = Wire((device.address for device in world.devices.values()), plan.seed)
        serve = partial(relay.serve, wire=wire, round_trips=plan.round_trips)
        carrying = _started(stack, "relay", serve)
        carrying.ready()

        def far_side(channel: Channel) -> None:
            enter_network_namespace()
            cable.attach(carrying.pid, cable.FAR)
            cable.province_side(inventory.ranges)
            province.serve(channel, devices)

        playing = _started(stack, "province", far_side)
        playing.ready()
        cable.attach(carrying.pid, cable.NEAR)
        cable.collector_side(inventory.ranges)
        carrying.ask({"do": "connect"})
    except OSError as error:
        raise StartError(f"lab: the kernel refuses: {error}") from None
    return LabProcesses(carrying, playing)


def _started(stack: ExitStack, name: str, body: Callable[[Channel], None]) -> Child:
    helper = start(name, body)
    stack.callback(helper.stop)
    return helper
