"""Rules, written as data, by which values that a device shows become facts of an endpoint."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from netwatch.core.facts import (
    IN_CALL,
    PARTICIPANTS,
    PERIPHERALS,
    READY,
    REGISTERED,
    endpoint_facts,
)
from netwatch.core.result import Sample

_NEEDS_ALL = frozenset({"ready", "peripherals_ok"})
"""Facts that are false as soon as one value says so; others are true as soon as one says so."""

DERIVED_FACTS = (READY, IN_CALL, REGISTERED, PERIPHERALS, PARTICIPANTS)
"""The facts that rules may derive."""

Word = Annotated[str, StringConstraints(pattern=r"^[ -~]{1,64}$")]
"""A value as the device writes it; a number in digits."""


class DerivationRule(BaseModel):
    """When values make a fact true, and when false; of all others it stays unknown.

    Attributes:
        fact: what is told; ``participants`` is the sum of the values.
        true_if: values that make it true.
        false_if: values that make it false; where none are given but ``true_if`` is, all others.
        above: a number: greater values make it true, all others false.
        missing: what it means that the device shows no value; of participants: that nobody is in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: Literal["ready", "in_call", "registered", "peripherals_ok", "participants"]
    true_if: tuple[Word, ...] = ()
    false_if: tuple[Word, ...] = ()
    above: Annotated[float, Field(allow_inf_nan=False)] | None = None
    missing: bool | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> DerivationRule:
        words = bool(self.true_if or self.false_if)
        if self.fact == "participants" and (words or self.above is not None or self.missing):
            raise ValueError("participants are counted; true_if, false_if and above are not for it")
        if self.fact != "participants" and words == (self.above is not None):
            raise ValueError("needs either above, or true_if and false_if")
        return self

    def verdicts(self, values: Sequence[str]) -> list[bool]:
        """True or False for each value that says something about the fact."""
        if not values:
            return [] if self.missing is None else [self.missing]
        found = map(self._of_number if self.above is not None else self._of_word, values)
        return [verdict for verdict in found if verdict is not None]

    def count(self, values: Sequence[str]) -> float | None:
        """The sum of the values that are numbers; None where there is none."""
        numbers = [number for value in values if (number := to_number(value)) is not None]
        if not values and self.missing is False:
            return 0.0
        return sum(numbers) if numbers else None

    def _of_number(self, value: str) -> bool | None:
        assert self.above is not None
        number = to_number(value)
        return None if number is None else number > self.above

    def _of_word(self, value: str) -> bool | None:
        if value in self.true_if:
            return True
        return False if value in self.false_if or not self.false_if else None


def derive_facts(found: Iterable[tuple[DerivationRule, Sequence[str]]]) -> tuple[Sample, ...]:
    """The facts that follow from the values which each rule was given."""
    verdicts: dict[str, list[bool]] = {}
    counts: list[float] = []
    for rule, values in found:
        if rule.fact != "participants":
            verdicts.setdefault(rule.fact, []).extend(rule.verdicts(values))
        elif (count := rule.count(values)) is not None:
            counts.append(count)
    known = {
        fact: all(each) if fact in _NEEDS_ALL else any(each)
        for fact, each in verdicts.items()
        if each
    }
    return (*endpoint_facts(**known), *(PARTICIPANTS.sample(sum(counts)) for _ in counts[:1]))


def to_number(value: str) -> float | None:
    """The number that a text is; None for any other text."""
    if len(value) > 32:
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
