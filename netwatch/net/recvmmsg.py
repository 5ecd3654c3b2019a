"""Many messages a system call: recvmmsg(2) through ctypes, into arrays that are made once.

Python's own ``recvmsg`` costs more than the kernel's work on the message. Sending has no such
need: every packet gets its own time stamp, so it gets its own ``send``.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct
import sys

import numpy as np
from numpy.typing import NDArray

MSG_DONTWAIT = 0x40
SO_TIMESTAMPNS = 35
"""Constants of Linux that Python 3.11 does not name."""

_SO_MEMINFO = 55
_MEMORY = struct.Struct("@9I")
_DROPS = 8  # SK_MEMINFO_DROPS, linux/sock_diag.h

_MAX_NAME_OCTETS = 28
"""Octets of the longest socket address, a sockaddr_in6."""


class _Vector(ctypes.Structure):
    """struct iovec."""

    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Header(ctypes.Structure):
    """struct msghdr."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("vectors", ctypes.c_void_p),
        ("vector_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Message(ctypes.Structure):
    """struct mmsghdr."""

    _fields_ = (("header", _Header), ("length", ctypes.c_uint))


_WORDS = ctypes.sizeof(_Message) // 8
_NAME_LENGTH = _Header.name_length.offset // 4
_CONTROL_LENGTH = _Header.control_length.offset // 8
_LENGTH = _Message.length.offset // 4
assert ctypes.sizeof(_Message) == 64, "Linux with 64 bits lays it out otherwise"
assert ctypes.sizeof(_Header) == 56, "Linux with 64 bits lays it out otherwise"

_recvmmsg = ctypes.CDLL(None, use_errno=True).recvmmsg
_recvmmsg.argtypes = (
    ctypes.c_int,
    ctypes.c_void_p,
    ctypes.c_uint,
    ctypes.c_int,
    ctypes.c_void_p,
)
_recvmmsg.restype = ctypes.c_int


Control = NDArray[np.uint64]
"""Ancillary data, one message a row, in words of 8 octets."""


def kind_of(level: int, kind: int) -> int:
    """Level and type of an ancillary message, as they stand together in one word."""
    return int.from_bytes(struct.pack("@ii", level, kind), sys.byteorder)


_STAMP = kind_of(socket.SOL_SOCKET, SO_TIMESTAMPNS)


def arrivals(control: Control) -> NDArray[np.int64]:
    """Unix time at which the kernel received each, nanoseconds; 0 where it did not say.

    The kernel puts its time stamp first (net/socket.c), a timespec.
    """
    stamps = control.view(np.int64)
    unix = stamps[:, 2] * 1_000_000_000 + stamps[:, 3]
    return np.where(control[:, 1] == _STAMP, unix, 0)


def marks(control: Control, kind: int) -> NDArray[np.uint8]:
    """What comes next, if it is of this kind: one octet or an int; else 0."""
    values = control.view(np.uint32)[:, 2 * 6]
    return np.where(control[:, 5] == kind, values, 0).astype(np.uint8)


class MessageBuffer:
    """Memory for the messages of one system call, one a row.

    After ``receive`` the first rows hold what came.

    Args:
        messages: how many.
        octets: room for each.
        control: octets of ancillary data of each.
        name: octets of the sender's address; 0 for sockets that are connected.

    Attributes:
        data: octets of each message, uint8, one row a message; a longer one is cut off.
        words: the same in words of 8 octets, the last one filled up with zeros.
        names: socket address of each sender, in words of 4 octets.
        control: ancillary data of each message, in words of 8 octets; zero behind the last.
        lengths: octets of each message, as far as there was room.
        address: of the array of struct mmsghdr.
    """

    def __init__(
        self, messages: int, octets: int, control: int = 128, name: int = _MAX_NAME_OCTETS
    ) -> None:
        self.capacity = messages
        self.words = np.zeros((messages, -(-octets // 8)), np.uint64)
        self.data = self.words.view(np.uint8)[:, :octets]
        self.names = np.zeros((messages, name // 4), np.uint32)
        self.control = np.zeros((messages, control // 8), np.uint64)
        self._vectors = (_Vector * messages)()
        memory = bytearray(messages * ctypes.sizeof(_Message))
        self._messages = (_Message * messages).from_buffer(memory)
        for row in range(messages):
            vector, header = self._vectors[row], self._messages[row].header
            vector.base, vector.length = self.data[row].ctypes.data, octets
            header.name = self.names[row].ctypes.data if name else None
            header.vectors, header.vector_count = ctypes.addressof(vector), 1
            header.control = self.control[row].ctypes.data
        quarters = np.frombuffer(memory, np.uint32).reshape(messages, 2 * _WORDS)
        words = np.frombuffer(memory, np.uint64).reshape(messages, _WORDS)
        self.lengths = quarters[:, _LENGTH]
        self._name_lengths = quarters[:, _NAME_LENGTH]
        self._control_lengths = words[:, _CONTROL_LENGTH]
        self.address = ctypes.addressof(self._messages)
        self._used = messages

    def receive(self, descriptor: int) -> int:
        """Take what waits on a socket, without waiting; returns how many messages that were.

        Raises:
            OSError: an error waits on the socket. It is told once.
        """
        # Only what the call before has written; most calls find a few messages.
        self.control[: self._used] = 0
        self._name_lengths[: self._used] = 4 * self.names.shape[1]
        self._control_lengths[: self._used] = 8 * self.control.shape[1]
        self._used = 0
        count: int = _recvmmsg(descriptor, self.address, self.capacity, MSG_DONTWAIT, None)
        if count >= 0:
            self._used = count
            return count
        number = ctypes.get_errno()
        if number in {errno.EAGAIN, errno.EINTR}:
            return 0
        raise OSError(number, os.strerror(number))


def drops(sock: socket.socket) -> int:
    """Messages that the kernel dropped because this socket was read too slowly.

    It is the number that SO_RXQ_OVFL puts beside the next message, but without waiting for a next
    one.
    """
    memory = sock.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMORY.size)
    return int(_MEMORY.unpack(memory)[_DROPS])
