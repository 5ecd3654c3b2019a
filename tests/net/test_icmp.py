"""What ICMP errors mean."""

from __future__ import annotations

import pytest

from netwatch.core.result import Reason
from netwatch.net.icmp import is_too_big, reason_of


@pytest.mark.parametrize(
    ("version", "kind", "code", "reason"),
    [
        (4, 3, 0, Reason.NETWORK_UNREACHABLE),
        (4, 3, 1, Reason.HOST_UNREACHABLE),
        (4, 3, 3, Reason.REFUSED),
        (4, 3, 4, Reason.PROTOCOL_ERROR),
        (4, 3, 13, Reason.PROHIBITED),
        (4, 11, 0, Reason.TTL_EXCEEDED),
        (6, 1, 0, Reason.NETWORK_UNREACHABLE),
        (6, 1, 3, Reason.HOST_UNREACHABLE),
        (6, 1, 1, Reason.PROHIBITED),
        (6, 2, 0, Reason.PROTOCOL_ERROR),
        (6, 3, 0, Reason.TTL_EXCEEDED),
        (4, 0, 0, None),
        (4, 8, 0, None),
        (6, 129, 0, None),
    ],
)
def test_what_an_error_means(version: int, kind: int, code: int, reason: Reason | None) -> None:
    assert reason_of(version, kind, code) is reason
    assert is_too_big(version, kind, code) == (reason is Reason.PROTOCOL_ERROR)
