"""Cables: pairs of virtual Ethernet interfaces from each side of the lab to the relay."""

from __future__ import annotations

import ctypes
import fcntl
import ipaddress
import os
import socket
import struct
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from pyroute2 import IPRoute, NetlinkError

WAN = "wan0"
NEAR, FAR = "near", "far"
"""Interfaces of the relay: its ends of the collector's and of the province's cable."""

MTU = 1500
COLLECTOR = ("198.18.0.1", "2001:2::1")
"""The collector's own addresses, from the ranges for tests of networks (RFC 2544, RFC 5180)."""

_ONE_MAC = "02:00:5e:00:53:01"
# Both cables' outer ends have the same address, and none of them asks for neighbours (NOARP: the
# kernel then writes its own address as the destination). So every frame is addressed to the other
# side already, and the relay has to rewrite nothing.

_LOCAL_TABLE = 255  # linux/rtnetlink.h, RT_TABLE_LOCAL
_SIOCETHTOOL = 0x8946  # linux/sockios.h
_ETHTOOL_STXCSUM = 0x17  # linux/ethtool.h

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


def attach(relay: int, end: str) -> None:
    """Lay a cable from this network to that of the process ``relay``, where it ends as ``end``."""
    with _netlink() as netlink:
        netlink.link(
            "add",
            ifname=WAN,
            kind="veth",
            address=_ONE_MAC,
            mtu=MTU,
            peer={"ifname": end, "mtu": MTU, "net_ns_pid": relay},
        )
        netlink.link("set", index=_index(netlink, WAN), state="up", arp=False)
        netlink.link("set", index=_index(netlink, "lo"), state="up")
    _send_finished_packets(WAN)


def connect(end: str) -> None:
    """Bring up the relay's end of a cable."""
    with _netlink() as netlink:
        netlink.link("set", index=_index(netlink, end), state="up", arp=False)


def collector_side(ranges: Iterable[IpNetwork]) -> None:
    """Give the collector addresses of the families of the ranges, and the way to everything."""
    versions = {network.version for network in ranges}
    with _netlink() as netlink:
        wan = _index(netlink, WAN)
        for text in COLLECTOR:
            address = ipaddress.ip_address(text)
            if address.version in versions:
                netlink.addr("add", index=wan, address=text, prefixlen=address.max_prefixlen)
        _default_routes(netlink, wan, versions)


def province_side(ranges: Iterable[IpNetwork]) -> None:
    """Let the kernel answer for every address of the ranges, and find its way back."""
    ranges = tuple(ranges)
    with _netlink() as netlink:
        loopback = _index(netlink, "lo")
        for network in ranges:
            netlink.route(
                "add",
                dst=str(network),
                oif=loopback,
                type="local",
                scope="host",
                table=_LOCAL_TABLE,
                family=_family(network),
            )
        _default_routes(netlink, _index(netlink, WAN), {network.version for network in ranges})


@contextmanager
def _netlink() -> Iterator[IPRoute]:
    try:
        with IPRoute() as netlink:
            yield netlink
    except NetlinkError as error:  # which is no OSError, although it is the kernel's answer
        raise OSError(error.code, os.strerror(error.code)) from None


def _default_routes(netlink: IPRoute, wan: int, versions: Collection[int]) -> None:
    for everywhere in (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")):
        if everywhere.version in versions:
            family = _family(everywhere)
            netlink.route("add", dst=str(everywhere), oif=wan, scope="link", family=family)


def _family(network: IpNetwork) -> socket.AddressFamily:
    return socket.AF_INET if network.version == 4 else socket.AF_INET6


def _index(netlink: IPRoute, name: str) -> int:
    return int(netlink.link_lookup(ifname=name)[0])


def _send_finished_packets(name: str) -> None:
    """Have the kernel write checksums, and so also cut segments, before packets leave.

    A virtual Ethernet interface leaves both to the receiver. Here the receiver is the relay, and
    what it passes on would have no checksum and be longer than a frame may be.
    """
    value = ctypes.create_string_buffer(struct.pack("II", _ETHTOOL_STXCSUM, 0))
    request = struct.pack("16sP16x", name.encode(), ctypes.addressof(value))  # struct ifreq
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCETHTOOL, request)
