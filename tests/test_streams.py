from __future__ import annotations

import numpy as np

from netwatch.core.streams import Streams, grown
from tests.harness.builders import make_check

A, B, C = (make_check(site=site) for site in ("a", "b", "c"))


def test_a_stream_keeps_its_row_and_a_new_one_takes_a_free_one() -> None:
    streams = Streams()
    streams.watch([A, B])
    rows = streams.rows([A, B]).tolist()
    assert sorted(rows) == streams.changed.tolist() == [0, 1]
    streams.watch([C, B])
    assert streams.rows([B, C]).tolist() == [rows[1], rows[0]]
    assert streams.changed.tolist() == [rows[0]]
    assert streams.row(A) is None
    assert len(streams) == 2


def test_another_interval_keeps_the_row_and_another_address_does_not() -> None:
    streams = Streams()
    streams.watch([A])
    streams.watch([faster := make_check(site="a", interval=1.0)])
    assert streams.changed.tolist() == []
    assert streams.checks == [faster]
    streams.watch([make_check(site="a", address="127.0.0.9")])
    assert streams.changed.tolist() == [0], "what is there is of another address"


def test_flows_and_other_probes_are_no_streams() -> None:
    streams = Streams()
    streams.watch([make_check("tcp:25"), make_check(flow="mail")])
    assert len(streams) == 0


def test_an_array_grows_and_keeps_what_it_holds() -> None:
    array = grown(np.array([[1, 2]]), 3)
    assert array.tolist() == [[1, 2], [0, 0], [0, 0]]
    assert grown(array, 2) is array
