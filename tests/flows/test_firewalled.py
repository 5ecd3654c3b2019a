"""The daemon's record of a forbidden flow beside what the firewall really did."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.harness.namespaces import told_by

pytestmark = pytest.mark.slow


def test_what_a_firewall_does_is_what_is_recorded() -> None:
    story = told_by("tests.flows.firewalled")

    def told(step: str) -> tuple[float | None, str | None, float]:
        said = story[step]
        return said["as_expected"], said["block"], said["violations"]

    assert told("drop") == (1, "drop", 0)
    assert told("reject") == (1, "reject", 0)
    assert told("drop again") == (1, "drop", 0)
    assert told("reset") == (1, "reject", 0)
    assert {"timeout", "prohibited", "refused"} <= set(story["reset"]["reasons"])

    violations = story["violations"]
    assert violations[0] == 0
    assert all(before < after for before, after in pairwise(violations)), violations

    # What can't be reached at all is not proven to be blocked, and nothing is forgotten over it.
    assert told("dead line") == (None, None, violations[-1])
    assert told("line restored") == (1, "drop", violations[-1])
