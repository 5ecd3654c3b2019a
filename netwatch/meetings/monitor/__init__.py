"""Follows meetings by the clock: preflights before, rounds of checks during, a record after."""
