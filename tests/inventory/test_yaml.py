"""The YAML reader: text stays text, everything has a place, what isn't needed is refused."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml import CSafeLoader, SafeLoader

from netwatch.core.errors import ConfigError
from netwatch.inventory import yaml
from netwatch.inventory.yaml import Document, Tree, parse, read_file


def refusal(data: bytes) -> str:
    with pytest.raises(ConfigError) as caught:
        parse(data, "f.yaml")
    return str(caught.value)


def mistakes(text: str) -> list[str]:
    return [f"{each.place}: {each.message}" for each in parse(text.encode(), "f.yaml").mistakes]


def test_scalars_stay_text() -> None:
    text = "a: no\nb: 017\nc: 12:30:45\nd: 10.1\ne: 1e3\nf: null\ng: 2021-09-21\nh: '5'\ni: ''\n"
    document = parse(text.encode(), "f.yaml")
    expected = ["no", "017", "12:30:45", "10.1", "1e3", "null", "2021-09-21", "5", ""]
    assert list(document.root.values()) == expected
    assert document.mistakes == []


def test_keys_and_items_have_places() -> None:
    document = parse(b"# c\na:\n  b: 1\n  c:\n    - x\n    - {d: y}\n", "f.yaml")
    places = {path: str(place) for path, place in document.places.items()}
    assert places == {
        ("a",): "f.yaml:2",
        ("a", "b"): "f.yaml:3",
        ("a", "c"): "f.yaml:4",
        ("a", "c", 0): "f.yaml:5",
        ("a", "c", 1): "f.yaml:6",
        ("a", "c", 1, "d"): "f.yaml:6",
    }


@pytest.mark.parametrize("data", [b"", b"# only a comment\n", b"\xef\xbb\xbf# with a BOM\n"])
def test_an_empty_file_is_empty(data: bytes) -> None:
    assert parse(data, "f.yaml") == Document({}, {}, [])


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: &x 1\n", 1, "anchor &x is not allowed; remove it"),
        ("a: 1\nb: *x\n", 2, "alias *x is not allowed; write the value out"),
        ("a: !!int 1\n", 1, "tag tag:yaml.org,2002:int is not allowed; remove it"),
        ("a: ! x\n", 1, "tag ! is not allowed; remove it"),
        (
            "a: !!python/object/apply:os.system [ls]\n",
            1,
            "tag tag:yaml.org,2002:python/object/apply:os.system is not allowed; remove it",
        ),
        ("a: 1\nb: {c: [1]}\na: {d: [2]}\n", 3, "'a' is given at line 1 already; remove one of"),
        ("a:\n  <<: {b: 1}\n", 2, "merge key << is not allowed; write the keys out"),
        ("a: 1\n? [b]\n: c\n", 2, "a key must be plain text; write key: value"),
        ("&k a: 1\n", 1, "a key may have no anchor and no tag; remove it"),
        ("'': 1\n", 1, "a key is empty; write key: value"),
        ("a: 1\nb:\n", 2, "'b' has no value; write one or remove it"),
        ("a:\n- 1\n-\n", 3, "1 has no value; write one or remove it"),
    ],
)
def test_what_is_refused_without_stopping(text: str, line: int, message: str) -> None:
    (found,) = mistakes(text)
    assert found.startswith(f"f.yaml:{line}: {message}")


def test_all_mistakes_of_a_file_are_reported_at_once() -> None:
    document = parse(b"a: &x 1\nb: !t 2\na: 3\nc:\nd: fine\n", "f.yaml")
    assert [each.place.line for each in document.mistakes] == [1, 2, 3, 4]
    assert document.root["d"] == "fine"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a: [\n", "f.yaml:2: is not YAML: "),
        (b"a: b: c\n", "f.yaml:1: is not YAML: "),
        (b"a: 1\n\tb: 2\n", "f.yaml:2: is not YAML: "),
        (b"a: \x00\n", "f.yaml: is not YAML: "),
        (b"a: 1\nb: \xff\n", "f.yaml:2: is not valid UTF-8; save the file as UTF-8"),
        ("a: 1".encode("utf-16"), "f.yaml:1: is not valid UTF-8; save the file as UTF-8"),
        (b"a: 1\n---\nb: 2\n", "f.yaml:2: begins a second document; put it into a file of its own"),
        (b"- a\n", "f.yaml:1: must begin with a section, e.g. sites:"),
        (b"text\n", "f.yaml:1: must begin with a section, e.g. sites:"),
        (
            b"a: " + b"[" * 30 + b"]" * 30,
            "f.yaml:1: is nested deeper than 20 levels; write it flat",
        ),
        (b"[" * 100_000, "f.yaml:1: "),
        (b"a:\n" + b"- b\n" * (yaml.MAX_NODES + 1), "f.yaml:250000: has too many values"),
        (b"a: 1\na: [" + b"b," * yaml.MAX_NODES + b"]\n", "f.yaml:2: has too many values"),
        (b"a: 1\n" * 2000, "f.yaml:1002: is mistake 1001 of this file; is it the right one?"),
        (b"#" * (yaml.MAX_BYTES + 1), "f.yaml: is larger than 16 MiB; split it"),
    ],
)
def test_what_stops_the_reading(data: bytes, message: str) -> None:
    assert refusal(data).startswith(message)


def test_an_alias_bomb_is_never_expanded() -> None:
    bomb = "a0: &a0 [x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30)
    )
    document = parse(bomb.encode(), "f.yaml")
    assert len(document.places) < 1000
    assert len(document.mistakes) == 30 + 290


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "endless.yaml").symlink_to("/dev/zero")
    with pytest.raises(ConfigError, match=r"endless.yaml: is not a regular file; remove it"):
        read_file(tmp_path / "endless.yaml")


def only_text(tree: Tree) -> bool:
    if isinstance(tree, dict):
        return all(isinstance(key, str) and only_text(value) for key, value in tree.items())
    if isinstance(tree, list):
        return all(only_text(item) for item in tree)
    return isinstance(tree, str)


yaml_like = st.lists(
    st.one_of(
        st.sampled_from("ab:-?{}[],'\"|>#~\t\n\x00é\u2028\ufeff\\"),
        st.sampled_from(
            [": ", "- ", "? ", "  ", "&x", "*x", "!!int", "!t", "<<", "---\n", "...\n"]
        ),
    ),
    max_size=60,
).map(lambda parts: "".join(parts).encode())


@pytest.mark.parametrize("parser", [SafeLoader, CSafeLoader])
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode), yaml_like))
def test_any_bytes_give_a_tree_of_text_or_a_config_error(parser: type, data: bytes) -> None:
    try:
        with mock.patch.object(yaml, "_LOADER", parser):
            document = parse(data, "f.yaml")
    except ConfigError as error:
        told = [problem.message for problem in error.problems]
    else:
        told = [mistake.message for mistake in document.mistakes]
        assert only_text(document.root)
        assert all(place.line >= 1 for place in document.places.values())
    assert not any("\n" in message for message in told)
