"""No core file is left after a crash: it would have every secret that was in memory."""

from __future__ import annotations

import resource


def forbid_core_dump() -> None:
    """Let neither this process nor its children leave one. It can't be taken back."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
