from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from netwatch import probes
from netwatch.inventory.load import load_inventory
from netwatch.lab.loopback import close_barriers, move_address, move_inventory
from netwatch.lab.world import World, build_world


def moved(source: Path, destination: Path) -> World:
    move_inventory(source, destination)
    schemas = {name: kind.params for name, kind in probes.kinds().items()}
    return build_world(load_inventory(destination, schemas), "state-dc")


def test_the_moved_province_is_sound_and_needs_no_privilege(
    province_dir: Path, tmp_path: Path, world: World
) -> None:
    here = moved(province_dir, tmp_path / "moved")
    assert here.devices.keys() == world.devices.keys()
    assert here.devices["north/router"].address == "127.30.1.1"
    assert here.devices["north/router"].snmp_port == 10161
    assert here.devices["north/codec"].tcp_ports == (1720,)
    assert here.devices["centre/server"].tcp_ports == (3389, 10443, 10445)
    assert here.barriers["no-rdp"].address == "127.30.0.30"


def test_the_example_province_can_be_moved(tmp_path: Path, example: World) -> None:
    here = moved(Path("config/inventory"), tmp_path / "moved")
    addresses = {device.address for device in here.devices.values()}
    assert len(addresses) == len({device.address for device in example.devices.values()})
    assert all(address.startswith("127.") for address in addresses)
    ports = {port for device in here.devices.values() for port in device.tcp_ports}
    assert min(ports) >= 1024


def test_without_a_firewall_a_forbidden_port_is_closed(world: World) -> None:
    assert world.devices["centre/server"].tcp_ports == (443, 445, 3389)
    assert close_barriers(world).devices["centre/server"].tcp_ports == (443,)


@given(st.ip_addresses())
def test_every_address_finds_a_place_on_the_loopback(address: object) -> None:
    place = move_address(str(address))
    assert place.startswith("127.")
    assert move_address(str(address)) == place
