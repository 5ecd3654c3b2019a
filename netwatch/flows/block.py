"""How a way is blocked, from what came of trying it."""

from __future__ import annotations

from enum import StrEnum

from netwatch.core.result import Reason


class Block(StrEnum):
    """What a firewall did. A closed set."""

    DROP = "drop"
    """Nothing came back."""
    REJECT = "reject"
    """Somebody refused: by ICMP, or by a reset in place of a connection."""
    RESET = "reset"
    """The connection was made, and torn down before the service said a word."""
    SILENT = "silent"
    """The connection was made, and nothing was said in it."""
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
    """How the way was blocked; None when somebody answered, be it with an error."""
    return _BLOCKS.get(reason)
