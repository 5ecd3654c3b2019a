"""Why a message did not arrive."""

from __future__ import annotations


class NotSentError(Exception):
    """A message was not taken; says why in a few words, without any secret.

    Attributes:
        is_temporary: whether it may be taken when it is sent again.
    """

    def __init__(self, message: str, *, is_temporary: bool) -> None:
        super().__init__(message)
        self.is_temporary = is_temporary
