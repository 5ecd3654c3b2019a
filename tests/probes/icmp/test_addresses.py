"""Each row keeps its address, whatever rows there are besides."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from netwatch.probes.icmp.addresses import Addresses

WORDS = st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))


@given(st.lists(st.dictionaries(st.integers(-40, 60), WORDS, max_size=20), max_size=8))
def test_every_row_has_the_address_that_was_noted_last(
    notes: list[dict[int, tuple[int, int]]],
) -> None:
    addresses, known = Addresses(), dict[int, tuple[int, int]]()
    for note in notes:
        rows, words = np.array(list(note), np.int64), np.array(list(note.values()), np.uint64)
        addresses.note(rows, words.reshape(-1, 2))
        known |= note
        found = addresses.of(np.array(list(known), np.int64))
        assert [tuple(each) for each in found.tolist()] == list(known.values())
