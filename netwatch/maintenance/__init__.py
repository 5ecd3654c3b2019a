"""Maintenance in effect: work announced by hand, and the clock that puts work into effect."""
