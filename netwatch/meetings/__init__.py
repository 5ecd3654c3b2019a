"""Meetings: their calendars, the plan, which rooms are ready, and what became of each meeting."""
