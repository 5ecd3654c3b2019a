"""The socket that the pages are served on."""

from __future__ import annotations

import socket

from netwatch.core.errors import StartError


def open_listener(host: str, port: int) -> socket.socket:
    """A socket that is bound, not yet listening.

    Raises:
        StartError: the port is in use, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise StartError(
            f"listen {host}:{port}: {error.strerror}; end the program that uses it, "
            "or set another address in `listen`"
        ) from error
    return listener
