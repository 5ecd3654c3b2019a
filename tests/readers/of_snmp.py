"""Answers of SNMP agents: the variable bindings of a response to GETBULK, read into a table."""

from __future__ import annotations

import os
import socket
from functools import cache

from gufo.snmp._fast import GetIter, SnmpV2cClientSocket

from netwatch.lab import ber
from netwatch.probes.snmp.errors import PollError, explained
from netwatch.process.pace import at_once
from netwatch.snmp import load_profile
from netwatch.snmp.profile import Table
from netwatch.snmp.reader import TableReader
from netwatch.snmp.walked import BadTableError, Cells, Walked
from tests.harness.hostile_agents import Request
from tests.readers.registry import Reader

os.environ["RUST_BACKTRACE"] = "0"  # as in the service: a panic of gufo_snmp must stay cheap

COMMUNITY = "reader"
IF_ENTRY: ber.Oid = (1, 3, 6, 1, 2, 1, 2, 2, 1)
IFX_ENTRY: ber.Oid = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)


@cache
def dialogue() -> tuple[socket.socket, SnmpV2cClientSocket]:
    """An agent's socket, and ours, connected to it."""
    agent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    agent.bind(("127.0.0.1", 0))
    where = f"127.0.0.1:{agent.getsockname()[1]}"
    return agent, SnmpV2cClientSocket(where, COMMUNITY, 0, 0, 0, 1_000_000_000)


def table() -> Table:
    return next(table for table in load_profile("if_mib").tables if table.name == "interfaces")


def read(data: bytes) -> None:
    """As a poll does, with what was asked for as identifier of the answer."""
    agent, ours = dialogue()
    ours.send_get_bulk(GetIter(".".join(map(str, IFX_ENTRY)), 64))
    asked, peer = agent.recvfrom(65535)
    agent.sendto(Request.read(asked).raw(data), peer)
    interfaces = table()
    cells, walks = Cells(), [Walked(entry, Cells()) for entry in interfaces.entries]
    walks[0] = Walked(interfaces.entries[0], cells)
    try:
        found = ours.recv_get_bulk(GetIter(interfaces.entries[0].oid))
    except StopAsyncIteration:
        return
    except BaseException as error:
        refused = explained(error)
        if refused is None:
            raise
        raise refused from None
    if answer := [varbind for varbind in found if varbind is not None]:
        walks[0].add(answer)
    for walk in walks:
        walk.end(proven=True)
    at_once(TableReader(interfaces).read(walks, cells, 20_000))


def binding(name: ber.Oid, value: bytes) -> bytes:
    return ber.tlv(ber.SEQUENCE, ber.oid(name) + value)


def bindings(*each: bytes) -> bytes:
    return ber.tlv(ber.SEQUENCE, b"".join(each))


ROWS = [binding((*IFX_ENTRY, 6, row), ber.integer(row, ber.COUNTER64)) for row in range(1, 64)]
NAMES = [binding((*IFX_ENTRY, 1, row), ber.octets(f"port {row}")) for row in range(1, 64)]

READERS = [
    Reader(
        "snmp_answers",
        read,
        max_octets=4000,
        datagram=True,
        refuses=(PollError, BadTableError),
        tokens=(
            ROWS[0],
            binding((*IFX_ENTRY, 6, *[1] * 100), ber.integer(1)),
            b"\x30\x80",
            b"\x30\x82\x0f\x00",
            b"\x06\x82\x0f\x00",
            b"\x81",
        ),
        seeds=(
            bindings(*ROWS),
            bindings(*NAMES),
            bindings(binding((*IFX_ENTRY, 18, 1), ber.octets(b"x" * 3000))),
            bindings(binding((*IFX_ENTRY, 6, 1), ber.tlv(6, b"\x2b" + b"\xff" * 3000 + b"\x01"))),
            bindings(*reversed(ROWS)),
            bindings(binding((*IFX_ENTRY, 16), ber.integer(1))),
            bindings(binding((*IFX_ENTRY, 5, 1), ber.tlv(0x28, b"\0")), *ROWS),
        ),
        covers=("probes.snmp.session:_readable", "snmp.walked:add", "snmp.reader:read"),
    )
]
