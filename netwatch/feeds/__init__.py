"""Calendars that are kept elsewhere, fetched over HTTPS, and their last good copies."""

from __future__ import annotations

from netwatch.feeds.feeds import Feeds

__all__ = ["Feeds"]
