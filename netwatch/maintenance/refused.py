"""Why work can't be announced or ended: told to who asked, on the page or on the command line."""

from __future__ import annotations

from typing import Literal

from netwatch.core.errors import ConfigError, Problem

Fault = Literal["invalid", "unknown", "conflict", "disk"]
"""What is at fault: what was asked for, its name, what is announced already, or the disk."""


class MaintenanceError(ConfigError):
    """One thing that is wrong.

    Attributes:
        fault: what kind of thing.
        vi: the message in Vietnamese.
        en: the message in English.
    """

    def __init__(self, place: str, fault: Fault, vi: str, en: str) -> None:
        super().__init__([Problem(place, en, vi)])
        self.fault = fault
        self.vi = vi
        self.en = en
