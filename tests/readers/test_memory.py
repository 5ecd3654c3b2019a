"""No datagram costs more than a mebibyte while it is read, however it was made."""

from __future__ import annotations

import pytest

from tests.readers.memory import counted, peak, worst_alone
from tests.readers.registry import MAX_MEMORY, Reader, all_readers

DATAGRAMS = {name: reader for name, reader in all_readers().items() if reader.datagram}


@pytest.mark.slow
@pytest.mark.parametrize("name", DATAGRAMS)
def test_a_datagram_costs_little_memory(name: str) -> None:
    most, data = worst_alone(name)
    assert most <= MAX_MEMORY, data


def test_a_reader_that_takes_much_is_found() -> None:
    greedy = Reader("greedy", lambda data: [data + b"%d" % at for at in range(20)], 65535)
    with counted():
        assert peak(greedy, bytes(65535)) > MAX_MEMORY
