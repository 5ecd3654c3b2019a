from __future__ import annotations

from tests.probes.conftest import authority

__all__ = ["authority"]
