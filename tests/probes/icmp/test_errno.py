"""Every error number that the kernel can leave on an ICMP socket for somebody else's echo."""

from __future__ import annotations

import errno
import socket

import pytest

from netwatch.net.recvmmsg import MessageBuffer
from netwatch.probes.icmp.transport import _PENDING, EchoSocket

OF_ICMP = {
    *("ENETUNREACH", "EHOSTUNREACH", "ENOPROTOOPT", "ECONNREFUSED", "EMSGSIZE", "EOPNOTSUPP"),
    *("EHOSTDOWN", "ENONET", "EPROTO", "EACCES", "EREMOTEIO"),
}
"""net/ipv4/icmp.c (icmp_err_convert), net/ipv6/icmp.c (tab_unreach, icmpv6_err_convert),
net/ipv4/ping.c (ping_err)."""


def test_the_numbers_are_those_of_the_kernel() -> None:
    assert {getattr(errno, name) for name in OF_ICMP} == _PENDING


class Failing(MessageBuffer):
    """A buffer whose first calls find an error that waits."""

    def __init__(self, number: int, times: int) -> None:
        super().__init__(1, 128)
        self._number, self._times = number, times

    def receive(self, descriptor: int) -> int:
        del descriptor
        self._times -= 1
        if self._times >= 0:
            raise OSError(self._number, "x")
        return 0


@pytest.fixture
def echo_socket() -> EchoSocket:
    made = EchoSocket.__new__(EchoSocket)
    made._descriptor, made._is_raw, made.version = -1, False, 4
    made._socket = socket.socket()
    return made


@pytest.mark.parametrize("number", sorted(_PENDING))
def test_an_error_of_another_echo_is_passed_over(echo_socket: EchoSocket, number: int) -> None:
    assert echo_socket.receive(Failing(number, 7)) == (0, None)
    with pytest.raises(OSError, match="x"):  # what waits is not known, so nothing is lost
        echo_socket.receive(Failing(number, 8))
    echo_socket.close()
