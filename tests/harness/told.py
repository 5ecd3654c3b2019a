"""What a command says of a mistake: the place, then Vietnamese, then English."""

from __future__ import annotations


def tells(line: str, said: str) -> bool:
    """Whether a line has the place and the English words of ``PLACE: WORDS``."""
    place, colon, english = said.partition(": ")
    return (place in line and english in line) if colon else said in line
