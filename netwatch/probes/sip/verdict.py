"""What a final status says about an endpoint (RFC 3261, section 21)."""

from __future__ import annotations

from netwatch.probes.sip.params import SipParams

BUSY = frozenset({486, 600})

_NOT_FOUND = frozenset({404, 410, 604})
"""No such user; when no user was asked for, a common answer of endpoints that are well."""

_NOT_READY = frozenset({408, 480, 500, 502, 503, 504, 580, 603, 606})
"""The one who answered, or who stands behind it, can't or won't take a call."""


def ready(params: SipParams, status: int) -> bool | None:
    """Whether the endpoint would take a call now; None where the status doesn't tell.

    That is so for a demand of a password, a refusal of the probe itself, or no support of OPTIONS.
    """
    if params.is_ready(status):
        return True
    if status in _NOT_READY or status in BUSY:
        return False
    if status in _NOT_FOUND:
        return False if params.user else None
    return None


def in_call(status: int) -> bool | None:
    """True for busy. An endpoint that isn't may be in a call and take another: not known."""
    return True if status in BUSY else None
