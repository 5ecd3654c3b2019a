"""Runs the lab: builds the province, starts the command beside it, and ends everything with it."""

from __future__ import annotations

import os
import shlex
import socket
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from netwatch import probes
from netwatch.core.errors import StartError
from netwatch.inventory.credentials import Secrets
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory
from netwatch.lab.cable import COLLECTOR
from netwatch.lab.certificate import BUNDLE, server_context
from netwatch.lab.command import Command
from netwatch.lab.injector import FaultInjector
from netwatch.lab.log import Log
from netwatch.lab.loopback import close_barriers, move_inventory
from netwatch.lab.player import ScriptPlayer, SignalSocket
from netwatch.lab.processes import WireSettings, credentials, missing_support, start_processes
from netwatch.lab.province import SimulatedProvince
from netwatch.lab.script import Script, load_script
from netwatch.lab.world import World, build_world


def run_lab(  # noqa: PLR0913 -- one word for each setting of the command line
    inventory_dir: Path,
    *,
    faults: Path | None,
    log: Path,
    listener: socket.socket,
    command: Sequence[str],
    seed: int,
    secrets: Secrets,
    vantage: str,
    namespaces: bool = True,
    round_trips: Path | None = None,
) -> int:
    """Play the province of an inventory until the command ends, or SIGINT or SIGTERM comes.

    With namespaces the calling process moves into a network of its own, for good; no thread and
    no event loop may run in it. SIGUSR1 writes the wire's counts into the log.

    Args:
        inventory_dir: the province to play.
        faults: the script of what goes wrong; None: nothing does.
        log: the file to write down what happened.
        listener: the command's HTTP listener, opened outside the lab's networks; it is handed
            over as systemd does (sd_listen_fds), and closed.
        command: what to run on the collector's side; empty: only the province is played. It
            finds the inventory to use in NETWATCH_INVENTORY, and in SSL_CERT_FILE the authority
            of the lab's servers.
        seed: makes losses, jitter and the like repeatable.
        secrets: the same that the command uses, so that the devices know them.
        vantage: where the collector stands; the flows that are to be blocked from there are.
        namespaces: False plays on 127.0.0.0/8 even where there are namespaces.
        round_trips: the file to write the wire's own round trip of each echo to; None: they are
            not measured.

    Returns:
        The exit status of the command; 0 when there was none.

    Raises:
        ConfigError: the inventory, a secret or the fault script is wrong.
        StartError: this machine doesn't allow something the lab can't do without.
        NetwatchError: a part of the lab failed while it ran.
    """
    refusal = missing_support() if namespaces else "not wanted"
    if refusal and round_trips:
        raise StartError(f"lab: no wire, so no round trips ({refusal}); leave out --round-trips")
    with ExitStack() as stack:
        stack.enter_context(listener)
        inventory = _load(inventory_dir)
        if refusal:
            work = stack.enter_context(tempfile.TemporaryDirectory(prefix="netwatch-lab-"))
            move_inventory(inventory_dir, Path(work))
            inventory_dir, inventory = Path(work), _load(Path(work))
        world = build_world(inventory, vantage)
        if refusal:
            world = close_barriers(world)
        script = load_script(faults, world) if faults else Script()
        keys = credentials(inventory, world, secrets)
        events = stack.enter_context(Log(log))
        signals = stack.enter_context(closing(SignalSocket()))
        plan = None if refusal else WireSettings(seed, round_trips)
        trusted = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="netwatch-lab-")))
        tls = server_context(trusted, world.addresses_over_tls())
        devices = SimulatedProvince(world.devices.values(), keys, tls, () if refusal else COLLECTOR)
        processes = start_processes(stack, inventory, world, devices, plan)
        injector = FaultInjector(world, processes.wire, processes.province, events)
        injector.raise_barriers()
        where = listener.getsockname()[:2]
        _log_start(events, world, refusal, seed, where)
        _print_summary(world, refusal, log, command)
        running = None
        if command:
            environment = {
                **os.environ,
                "NETWATCH_INVENTORY": str(inventory_dir.resolve()),
                "SSL_CERT_FILE": str(trusted / BUNDLE),
            }
            running = Command(command, listener, environment)
            stack.callback(running.end)
        listener.close()  # the command's alone, so that it is closed as soon as the command ends
        status = ScriptPlayer(injector, script, running, processes.helpers(), signals).run()
        injector.count()
        events.write("stop", status=status)
    return status


def _load(directory: Path) -> Inventory:
    return load_inventory(directory, probes.schemas())


def _log_start(events: Log, world: World, refusal: str, seed: int, where: tuple[str, int]) -> None:
    events.write(
        "start",
        mode="loopback" if refusal else "two-sided",
        sites=len(world.addresses),
        devices=len(world.devices),
        seed=seed,
        listen=list(where),
    )


def _print_summary(world: World, refusal: str, log: Path, command: Sequence[str]) -> None:
    """Print what runs here and what that means, for the operator."""
    size_vi = f"{len(world.addresses)} điểm, {len(world.devices)} thiết bị"
    size = f"{len(world.addresses)} sites, {len(world.devices)} devices"
    if refusal:
        lines = [
            (
                f"Mô phỏng trên 127.0.0.0/8 ({refusal}): {size_vi}; khi có sự cố thiết bị ngừng trả"
                " lời SNMP và TCP, nhưng ping vẫn thông."
            ),
            (
                f"Simulation on 127.0.0.0/8 ({refusal}): {size}; in a fault devices stop answering"
                " SNMP and TCP, but ping still works."
            ),
        ]
    else:
        lines = [
            (
                f"Mô phỏng hai phía: {size_vi} sau một đường truyền riêng có thể đứt,"
                " mất gói, chậm; không gói tin nào ra khỏi máy này."
            ),
            (
                f"Two-sided simulation: {size} behind a wire of its own that can be cut, lose and"
                " delay; no packet leaves this machine."
            ),
        ]
        if not command:
            enter = f"nsenter --preserve-credentials -U -n -t {os.getpid()}"
            lines += [f"Vào phía giám sát / Enter the collector's side: {enter}"]
    lines += [f"Nhật ký sự cố / What is done to the province: {log}"]
    if command:
        lines += [f"Chạy / Running: {shlex.join(command)}"]
    print("\n".join(lines), file=sys.stderr, flush=True)
