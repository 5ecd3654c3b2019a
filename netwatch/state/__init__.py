"""Turns results into states: hysteresis, root cause, roll-up, canaries, maintenance."""
