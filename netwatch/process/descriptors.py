"""Descriptors that this process may have open at once, against those that it may need."""

from __future__ import annotations

import logging
import resource
import sys

BASE_DESCRIPTORS = 512
"""Descriptors for clients of the web server, echo sockets, the journal, and Python itself."""

logger = logging.getLogger(__name__)


def allow_descriptors(needed: int) -> bool:
    """Raise the soft limit as far as the hard limit lets us; returns whether that is enough.

    Where it is not, one line says so: what can't be opened is not measured, and never down.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if _holds(soft, needed):
        return True
    wanted = needed if _holds(hard, needed) else hard
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    except (OSError, ValueError):
        pass  # told below, with what is allowed
    if _holds(soft, needed):
        return True
    logger.warning(
        "cần đến %(needed)d bộ mô tả tệp, chỉ được %(soft)d, hãy tăng LimitNOFILE"
        " / may need %(needed)d descriptors and is allowed %(soft)d: raise LimitNOFILE (ulimit -n);"
        " what can't be opened is not measured",
        {"needed": needed, "soft": soft},
    )
    return False


def spare_descriptors() -> int:
    """How many may be open for conversations with devices; where few are allowed, half of them."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft = sys.maxsize if soft == resource.RLIM_INFINITY else soft
    return soft - min(BASE_DESCRIPTORS, soft // 2)


def connection_descriptors() -> int:
    """How many may be open for clients of a web server: a fifth of what is allowed."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft // 5


def _holds(limit: int, needed: int) -> bool:
    return limit == resource.RLIM_INFINITY or limit >= needed
