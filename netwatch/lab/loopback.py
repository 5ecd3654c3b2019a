"""The inventory moved to 127.0.0.0/8, for machines without namespaces."""

from __future__ import annotations

import hashlib
import ipaddress
import json
from dataclasses import replace
from pathlib import Path

from netwatch.inventory.yaml import Tree, read_file
from netwatch.lab.world import World

PORT_SHIFT = 10000
"""What is added to ports below 1024, which only root may open."""

_FIRST_FREE_PORT = 1024
_DEFAULT_PORTS = {"snmp": "161", "stamp": "862", "rtsp": "554"}
_DEFAULT_PORTS |= {"tls": "443", "smtp": "25"}
"""Default ports of probes that only root may open."""


def move_inventory(source: Path, destination: Path) -> None:
    """Write every file of ``source`` to ``destination``, with addresses and ports moved.

    10.x.y.z becomes 127.x.y.z, as does any other IPv4 address. An IPv6 address gets a place in
    127.240.0.0/12 that follows from it. Two addresses that fall together are found by the loader.

    Raises:
        ConfigError: a file can't be read.
    """
    for path in sorted(source.rglob("*.yaml")):
        tree = read_file(path).root
        _move(tree)
        target = destination / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(tree, ensure_ascii=False, indent=1), encoding="utf-8")


def close_barriers(world: World) -> World:
    """The same world with the ports closed that must be blocked.

    Without a wire there is no firewall that could block them.
    """
    held = {(barrier.address, barrier.port) for barrier in world.barriers.values()}
    devices = {
        name: replace(
            device,
            tcp_ports=tuple(p for p in device.tcp_ports if (device.address, p) not in held),
            services=tuple(s for s in device.services if (device.address, s.port) not in held),
        )
        for name, device in world.devices.items()
    }
    return replace(world, devices=devices)


def move_address(text: str) -> str:
    """The address in 127.0.0.0/8 that stands for this one."""
    address = ipaddress.ip_address(text)
    if address.version == 4:
        return f"127.{text.partition('.')[2]}"
    digest = hashlib.blake2b(address.packed, digest_size=3).digest()
    return f"127.{240 + digest[0] % 15}.{digest[1]}.{1 + digest[2] % 254}"


def _move(tree: dict[str, Tree]) -> None:
    if "ranges" in tree:
        tree["ranges"] = ["127.0.0.0/8"]
    for site in _entries(tree.get("sites")):
        targets = site.get("targets")
        if not isinstance(targets, dict):
            continue
        for target_id, target in targets.items():
            if isinstance(target, str):
                targets[target_id] = move_address(target)
            elif isinstance(target, dict):
                target["address"] = move_address(str(target["address"]))
    for check_class in _entries(tree.get("classes")):
        checks = check_class.get("checks")
        for check in checks if isinstance(checks, list) else ():
            _move_port(check)
    _move_flows(tree)


def _move_flows(tree: dict[str, Tree]) -> None:
    for flow in _entries(tree.get("flows")):
        _move_port(flow.get("check"))
    for border in _entries(tree.get("borders")):
        services = border.get("services")
        for service in services if isinstance(services, list) else ():
            _move_port(service.get("check") if isinstance(service, dict) else None)
        ports = border.get("forbidden_ports")
        if isinstance(ports, list):
            border["forbidden_ports"] = [_moved_port(str(port)) for port in ports]


def _entries(section: Tree | None) -> list[dict[str, Tree]]:
    values = section.values() if isinstance(section, dict) else ()
    return [entry for entry in values if isinstance(entry, dict)]


def _move_port(check: Tree | None) -> None:
    if not isinstance(check, dict):
        return
    port = check.get("port", _DEFAULT_PORTS.get(str(check.get("probe"))))
    if port is not None:
        check["port"] = _moved_port(str(port))


def _moved_port(port: str) -> str:
    return str(int(port) + PORT_SHIFT) if int(port) < _FIRST_FREE_PORT else port
