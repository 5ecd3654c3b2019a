"""Calendars: read as iCalendar, fetched over HTTPS, and the last good copy of each kept."""
