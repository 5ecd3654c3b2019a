"""Unpacks Snappy blocks, the compression of remote write, up to a given size."""

from __future__ import annotations

from cramjam import DecompressionError, snappy

from netwatch.remote_write.varint import MalformedRequestError


def unpack(packed: bytes, max_octets: int) -> bytes:
    """The octets that a Snappy block holds.

    Args:
        packed: the block, without framing.
        max_octets: how many it may hold; its header says so before any memory is taken.

    Raises:
        MalformedRequestError: this is not a Snappy block, or it holds more.
    """
    try:
        if snappy.decompress_raw_len(packed) > max_octets:
            raise MalformedRequestError(f"more than {max_octets} bytes")
        return bytes(snappy.decompress_raw(packed))
    except DecompressionError:
        raise MalformedRequestError("no block of Snappy") from None
