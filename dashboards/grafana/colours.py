"""The colours of all dashboards, chosen so that no kind of colour-blindness makes two of them one.

``tests/dashboards/test_colours.py`` holds the distances, and the contrast of the letters that
Grafana writes on them.
"""

from __future__ import annotations

BLUE = "#305c7e"
"""Up, as expected, ready."""

RED = "#ac1710"
"""Down, violated, not ready."""

AMBER = "#eead4d"
"""Degraded, broken, at risk."""

VIOLET = "#e0a9f3"
"""Cut off by something else."""

PURPLE = "#a04acc"
"""Planned work."""

GREY = "#6f6f6f"
"""What isn't known. Never blue: not measured is no good news."""

PLAIN = "text"
"""Grafana's own colour of letters."""

CLEAR = "transparent"
"""No colour at all, where a cell would be filled with it."""

SIGNALS = {
    "up": BLUE,
    "down": RED,
    "degraded": AMBER,
    "unreachable": VIOLET,
    "maintenance": PURPLE,
    "unknown": GREY,
}
"""Those that tell states apart."""
