"""Unpacks the block format of Snappy, in which remote write comes, within bounds."""

from __future__ import annotations

from cramjam import DecompressionError, snappy

from netwatch.remote_write.varint import MalformedVarintError


def unpack(packed: bytes, most: int) -> bytes:
    """What was packed.

    Args:
        packed: one block.
        most: bytes that it may have.

    Raises:
        MalformedError: it is no block, or more.
    """
    try:
        if snappy.decompress_raw_len(packed) > most:
            raise MalformedVarintError(f"more than {most} bytes")
        return bytes(snappy.decompress_raw(packed))
    except DecompressionError:
        raise MalformedVarintError("no block of Snappy") from None
