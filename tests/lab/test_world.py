from __future__ import annotations

from netwatch.lab.world import TCP, Barrier, World


def test_a_site_stands_before_all_that_is_below_it(world: World) -> None:
    assert list(world.behind("north")) == ["north", "north-one", "north-two"]
    assert set(world.behind("centre")) == set(world.addresses)


def test_interfaces_are_those_that_the_lines_are_plugged_into(world: World) -> None:
    names = [port.name for port in world.devices["centre/router"].interfaces]
    assert names == ["Gi0/1", "Gi0/3", "Gi0/2"]
    named_after_the_far_site = [port.name for port in world.devices["north/router"].interfaces]
    assert named_after_the_far_site == ["Gi0/1", "Gi0/0", "to-north-one", "to-north-two"]


def test_a_line_has_the_speed_that_was_bought(world: World) -> None:
    speeds = {port.name: port.speed for port in world.devices["north/router"].interfaces}
    assert speeds["Gi0/0"] == 100e6
    assert speeds["to-north-one"] == 20e6


def test_ports_that_are_checked_or_called_are_open(world: World) -> None:
    assert world.devices["north/codec"].tcp_ports == (1720,)
    assert world.devices["centre/server"].tcp_ports == (443, 445, 3389)


def test_blocked_flows_are_barriers(world: World) -> None:
    assert world.barriers == {
        "no-rdp": Barrier("10.30.0.30", TCP, 3389),
        "no-smb": Barrier("10.30.0.30", TCP, 445),
    }


def test_the_example_province_is_played_whole(example: World) -> None:
    assert len(example.addresses) == 281
    with_agent = [device for device in example.devices.values() if device.credential]
    assert {device.role for device in with_agent} >= {"router", "switch", "firewall", "mcu"}
    assert all(device.interfaces for device in with_agent)
    assert len(example.uplinks["chi-linh"]) == 2
