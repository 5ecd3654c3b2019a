"""Every error that the kernel, OpenSSL or asyncio can raise: is it the peer, or this machine?"""

from __future__ import annotations

import errno
import ssl

import pytest

from netwatch.core.result import Reason
from netwatch.net.errors import explain

OF_THE_NETWORK = {
    *("ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "ENETRESET", "ENOTCONN", "ESHUTDOWN", "EPIPE"),
    *("EHOSTUNREACH", "EHOSTDOWN", "ENONET", "EACCES", "ETIMEDOUT", "EPROTO", "ENOPROTOOPT"),
    *("EOPNOTSUPP", "ENOTSUP", "EREMOTEIO"),
}
"""What the kernel makes of packets: its icmp_err_convert, icmpv6_err_convert, and tcp(7). Two of
icmp_err_convert are not here: ENETUNREACH and EMSGSIZE come from this machine's routes as well, and
where they come from a router, the ICMP message is in the socket's queue of errors."""


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_every_number_is_the_network_s_or_this_machine_s(number: int) -> None:
    said = explain(OSError(number, "x"))
    is_local = said.reason is Reason.LOCAL_ERROR
    assert is_local is (errno.errorcode[number] not in OF_THE_NETWORK)
    assert said.detail, "in the kernel's words"


def test_over_a_connection_that_stands_no_route_is_looked_up() -> None:
    error = OSError(errno.ENETUNREACH, "x")
    assert explain(error).reason is Reason.LOCAL_ERROR
    assert explain(error, connected=True).reason is Reason.NETWORK_UNREACHABLE


def subclasses(kind: type[OSError]) -> list[type[OSError]]:
    found = [kind]
    for each in kind.__subclasses__():
        if each.__module__ == "ssl":  # libraries have their own, which take other arguments
            found += subclasses(each)
    return found


@pytest.mark.parametrize("kind", subclasses(ssl.SSLError))
@pytest.mark.parametrize("number", range(1, 20))
def test_no_number_of_openssl_is_taken_for_one_of_the_kernel(
    kind: type[ssl.SSLError], number: int
) -> None:
    reason = explain(kind(number, "x")).reason
    assert reason in {Reason.RESET, Reason.PROTOCOL_ERROR, Reason.CERTIFICATE_INVALID}


@pytest.mark.parametrize("name", ["TLSV13_ALERT_CERTIFICATE_REQUIRED", "WRONG_VERSION_NUMBER", "X"])
def test_the_name_that_openssl_gives_is_told(name: str) -> None:
    error = ssl.SSLError(1, "x")
    error.reason = name
    said = explain(error)
    assert (said.reason, said.detail) == (Reason.PROTOCOL_ERROR, f"TLS: {name}")


@pytest.mark.parametrize("name", ["MALLOC_FAILURE", "INTERNAL_ERROR", "NO_CIPHERS_AVAILABLE"])
def test_what_openssl_itself_fails_at_is_this_machine_s(name: str) -> None:
    error = ssl.SSLError(1, "x")
    error.reason = name
    assert explain(error).reason is Reason.LOCAL_ERROR


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (ConnectionResetError, Reason.RESET),
        (ConnectionAbortedError, Reason.RESET),
        (BrokenPipeError, Reason.RESET),
        (ConnectionRefusedError, Reason.RESET),
        (TimeoutError, Reason.TIMEOUT),
        (OSError, Reason.LOCAL_ERROR),
    ],
)
def test_what_asyncio_raises_without_a_number(kind: type[OSError], reason: Reason) -> None:
    assert explain(kind("x")).reason is reason


def test_how_far_it_had_come_stands_before_the_reason() -> None:
    error = explain(ConnectionRefusedError(errno.ECONNREFUSED, "x")).after("status 302; then")
    assert (error.reason, error.detail) == (Reason.REFUSED, "status 302; then refused")
