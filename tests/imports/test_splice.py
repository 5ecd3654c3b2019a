"""A value is changed where it stands; all other characters of a file stay as they are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netwatch.imports.emit import flow, scalar
from netwatch.imports.splice import Change, changed
from netwatch.inventory.yaml import parse

TEXT = """\
a:  # one
  x: {b: 1, c: "two"}   # flow
  y:
    b: 1   # kept

    # also kept
    list:
      - 1
      - {k: v}
  z: {}
end: [1, 2]
"""


def tree(text: str) -> dict[str, object]:
    return dict(parse(text.encode(), "t").root)


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        (("a", "x", "b"), "9", "b: 1, c", "b: 9, c"),
        (("a", "x", "d"), "9", '"two"}', '"two", d: 9}'),
        (("a", "y", "b"), "9", "b: 1   #", "b: 9   #"),
        (("a", "y", "d"), "9", "- {k: v}\n", "- {k: v}\n    d: 9\n"),
        (("a", "y", "list"), ["7"], "- 1\n      - {k: v}", "[7]"),
        (("a", "z", "n"), "9", "z: {}", "z: {n: 9}"),
        (("a", "x", "b"), {"k": "v"}, "b: 1, c", "b: {k: v}, c"),
        (("end",), ["3"], "[1, 2]", "[3]"),
        (("a", "n"), {"k": "v"}, "z: {}\n", "z: {}\n\n  n:\n    k: v\n"),
        (("new", "k"), "v", "[1, 2]\n", "[1, 2]\n\nnew:\n  k: v\n"),
    ],
)
def test_one_change(path: tuple[str, ...], value: object, old: str, new: str) -> None:
    assert changed(TEXT, [Change(path, value)]) == TEXT.replace(old, new)  # type: ignore[arg-type]


def test_a_file_without_a_last_line_break() -> None:
    assert changed("a:\n  b: 1", [Change(("a", "c"), "2")]) == "a:\n  b: 1\n  c: 2\n"
    assert changed("", [Change(("a", "c"), "2")]) == "a:\n  c: 2\n"
    assert changed("# nothing yet\n", [Change(("a", "c"), "2")]) == "# nothing yet\n\na:\n  c: 2\n"


KEYS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=6)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20
)
VALUES = st.recursive(
    TEXTS, lambda inner: st.dictionaries(KEYS, inner, max_size=3) | st.lists(inner, max_size=3)
)


@given(st.lists(TEXTS, min_size=1), st.dictionaries(KEYS, TEXTS))
def test_what_is_written_is_read_again(values: list[str], mapping: dict[str, str]) -> None:
    text = f"k: {flow(values)}\nm: {flow(mapping)}\n"
    assert parse(text.encode(), "t").root == {"k": values, "m": mapping}


@settings(max_examples=30)
@given(
    st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), min_size=1),
    st.data(),
)
def test_changes_of_any_tree(content: dict[str, dict[str, object]], data: st.DataObject) -> None:
    lines = [
        f"{scalar(top)}:\n" + "".join(f"  {scalar(key)}: {flow(v)}\n" for key, v in inner.items())  # type: ignore[arg-type]
        for top, inner in content.items()
    ]
    top = data.draw(st.sampled_from(sorted(content)))
    key = data.draw(st.sampled_from(sorted(content[top])) | KEYS)
    value = data.draw(TEXTS)
    content[top][key] = value
    assert tree(changed("".join(lines), [Change((top, key), value)])) == content
