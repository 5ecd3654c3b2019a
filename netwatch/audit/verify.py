"""Whether the audit is whole: no line missing, none changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from netwatch.audit.read import stored_lines
from netwatch.journal.file import has_table, open_for_reading


def find_damage(journal: Path) -> list[str]:
    """What is wrong with the chain, a line each, Vietnamese and English; nothing when it is whole.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    with closing(open_for_reading(journal)) as connection:
        connection.text_factory = lambda octets: octets.decode("utf-8", "replace")
        # One moment for all that is read, or a line that is added meanwhile looks wrong.
        connection.execute("BEGIN")
        return list(_damage(connection)) if has_table(connection, "audit") else []


def chain_end(journal: Path) -> tuple[int, str]:
    """Number and hash of the last line: who writes them down can compare them later.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    with closing(open_for_reading(journal)) as connection:
        if not has_table(connection, "audit_chain"):
            return 0, ""
        found = connection.execute("SELECT last, head FROM audit_chain").fetchone()
        return (found[0], found[1]) if found else (0, "")


def _damage(connection: sqlite3.Connection) -> Iterator[str]:
    chain = connection.execute("SELECT last, head, removed, anchor FROM audit_chain").fetchall()
    if len(chain) != 1:
        yield "đầu và cuối chuỗi bị mất / the begin and end of the chain are missing"
        return
    ((last, head, number, before),) = chain
    for found, line, stored in stored_lines(connection):
        if found <= number:
            yield f"dòng {found} đứng trước đầu chuỗi / line {found} is before the chain's begin"
        elif found != number + 1:
            yield _missing(number + 1, found - 1)
        # Behind a gap nobody knows the hash before: the line stands for itself.
        elif line.hash(found, before) != stored:
            yield f"dòng {found} đã bị sửa / line {found} was changed"
        number, before = found, stored
    if number < last:
        yield _missing(number + 1, last)
    elif number > last or before != head:
        yield f"cuối chuỗi không khớp / the end of the chain does not fit: line {number}"


def _missing(first: int, last: int) -> str:
    numbers = str(first) if first == last else f"{first}–{last}"
    return f"thiếu dòng {numbers} / missing: line {numbers}"
