"""Meetings by the clock: preflights before, a watch during, and a record after them."""
