"""How a firewall blocks a flow, read from the reason of a failed try."""

from __future__ import annotations

from enum import StrEnum

from netwatch.core.result import Reason, Result


class Block(StrEnum):
    """What a firewall does: the values of the label ``block``."""

    DROP = "drop"
    """Nothing came back."""
    REJECT = "reject"
    """Somebody refused: by ICMP, or by a reset in place of a connection."""
    RESET = "reset"
    """The connection was made, and reset before the service sent an octet."""
    SILENT = "silent"
    """The connection was made, and no octet came over it."""
    TARPIT = "tarpit"
    """The connection was made, and held up."""


_BLOCKS = {
    Reason.TIMEOUT: Block.DROP,
    Reason.REFUSED: Block.REJECT,
    Reason.PROHIBITED: Block.REJECT,
    Reason.HOST_UNREACHABLE: Block.REJECT,
    Reason.NETWORK_UNREACHABLE: Block.REJECT,
    Reason.TTL_EXCEEDED: Block.REJECT,
    Reason.RESET: Block.RESET,
    Reason.SILENT: Block.SILENT,
    Reason.TARPIT: Block.TARPIT,
}


def block_of(reason: Reason) -> Block | None:
    """How a flow is blocked that fails for this reason; None when the service answered."""
    return _BLOCKS.get(reason)


def block_in(result: Result) -> Block | None:
    """How a failed try was blocked; None when anything came over from the service.

    What came later, a reset or silence, takes nothing back of what crossed once.
    """
    return None if result.crossed else block_of(result.reason)
