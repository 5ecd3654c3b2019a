"""Values in JSON and XML of strangers: the right ones, and never more than that."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netwatch.adapters.document import MAX_VALUES, DocumentError, Exclusion, values_at

JSON = (
    b'{"a": 1, "b": true, "c": null, "d": {"x/y": ["u", 2.5, {"z~": "w"}]}, '
    b'"e": [{"n": 1}, {"n": "two"}, {}, 3], "f": {}}'
)
XML = b"""<?xml version="1.0"?>
<Status product="codec" xmlns:n="urn:n">
  <Call item="1"><Status item="1">Connected</Status></Call>
  <Call item="2"><n:Status> On <!-- no -->Hold </n:Status></Call>
  <Empty/><Text>a<b>c</b></Text>
</Status>"""


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/a", ["1"]),
        ("/b", ["true"]),
        ("/c", []),
        ("/d", []),
        ("/d/x~1y/0", ["u"]),
        ("/d/x~1y/1", ["2.5"]),
        ("/d/x~1y/2/z~0", ["w"]),
        ("/d/x~1y/3", []),
        ("/d/x~1y/-1", []),
        ("/d/x~1y/*", ["u", "2.5"]),
        ("/e/*/n", ["1", "two"]),
        ("/f/*", []),
        ("/a/b", []),
    ],
)
def test_a_pointer_leads_to_values(path: str, values: list[str]) -> None:
    assert values_at(JSON, "json", [path]) == {path: values}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/Status/Call/Status", ["Connected", "On Hold"]),
        ("/Status/Empty", [""]),
        ("/Status/Text/b", ["c"]),
        ("/Call/Status", []),
        ("/Status/Call", ["", ""]),
    ],
)
def test_a_path_of_elements_leads_to_values(path: str, values: list[str]) -> None:
    assert values_at(XML, "xml", [path], ["Status"]) == {path: values}


ROOMS = (
    b"<r><ms><m><in>true</in><n>1</n></m><m><n>2</n><in>true</in></m><m><n>3</n><x><in>true</in></x></m>"
    b"<m><n>4</n><in>false</in></m><m/><m><n>5</n></m></ms><n>6</n></r>"
)
JSON_ROOMS = (
    b'{"ms": [{"in": true, "n": 1}, {"n": 2, "in": false, "x": {"in": true}}, {"n": 3}, 4], '
    b'"one": {"in": true, "n": 5}, "in": true, "n": 6}'
)


def test_elements_that_say_so_are_left_out_wherever_in_them_it_stands() -> None:
    found = values_at(ROOMS, "xml", ["/r/ms/m/n", "/r/n"], (), Exclusion("/r/ms/m/in", ("true",)))
    assert found == {"/r/ms/m/n": ["3", "4", "5"], "/r/n": ["6"]}


@pytest.mark.parametrize(
    ("at", "left"),
    [
        ("/ms/*/in", ["2", "3", "5", "6"]),
        ("/one/in", ["1", "2", "3", "6"]),
        ("/ms/*/x/in", ["1", "2", "3", "5", "6"]),
        ("/in", ["1", "2", "3", "5", "6"]),
        ("/nowhere/*/in", ["1", "2", "3", "5", "6"]),
    ],
)
def test_objects_that_say_so_are_left_out(at: str, left: list[str]) -> None:
    found = values_at(JSON_ROOMS, "json", ["/ms/*/n", "/one/n", "/n"], (), Exclusion(at, ("true",)))
    assert [value for values in found.values() for value in values] == left


BOMB = (
    b"""<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><r>&b;</r>"""
)
OUTSIDE = b"""<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>"""


@pytest.mark.parametrize(
    ("form", "body", "why"),
    [
        ("xml", BOMB, "document type"),
        ("xml", OUTSIDE, "document type"),
        ("xml", b"<!DOCTYPE html><html><body>Login</body></html>", "document type"),
        ("xml", b"<html></html>", "another kind"),
        ("xml", b"<Status>" + b"<a>" * 100, "nested too deeply"),
        ("xml", b"<Status><a></Status>", "is not XML"),
        ("xml", b"", "is not XML"),
        ("xml", b"<Status>&undefined;</Status>", "is not XML"),
        ("xml", b'<?xml version="1.0" encoding="no-such"?><Status/>', "is not XML"),
        ("xml", b"<Status>" + b"<v>1</v>" * (MAX_VALUES + 1) + b"</Status>", "more than"),
        ("json", b"[" * 100_000, "nested too deeply"),
        ("json", b"<html>", "is not JSON"),
        ("json", b"\xff\xfe\x00", "is not JSON"),
        ("json", b'{"a": NaN}', "is not JSON"),
        ("json", b"9" * 10_000, "is not JSON"),
        ("json", json.dumps([1] * (MAX_VALUES + 1)).encode(), "more than"),
    ],
)
def test_what_is_no_answer_is_refused(form: str, body: bytes, why: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(why)):
        values_at(body, form, ["/*", "/Status/v"], ["Status"])  # type: ignore[arg-type]


def test_a_value_is_short_however_long_it_is() -> None:
    long = "x" * 10_000
    assert len(values_at(json.dumps({"a": long}).encode(), "json", ["/a"])["/a"][0]) == 256
    assert len(values_at(f"<a>{long}</a>".encode(), "xml", ["/a"])["/a"][0]) == 256


TOKENS = st.sampled_from(
    [
        *(b"<Status>", b"</Status>", b"<a x='1'>", b"</a>", b"<a/>", b"&lt;", b"&#0;", b"]]>"),
        *(b"<![CDATA[", b"<!--", b"-->", b"<?xml version='1.0' encoding='utf-16'?>"),
        *(b"<!DOCTYPE x>", b"text", b"\x00"),
    ]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
ANY_PATH = st.lists(st.sampled_from(["a", "*", "0", "-1", "~1", "~", "²", "Status"]), min_size=1)


@given(st.binary() | st.lists(TOKENS).map(b"".join), ANY_PATH)
@example("<a>".encode("utf-16"), ["a"])
@example(b"<?xml version='1.0' encoding='idna'?><a/>", ["a"])
@example(b"<?xml version='1.0' encoding='rot13'?><a/>", ["a"])
def test_any_octets_end_in_values_or_a_refusal(body: bytes, steps: list[str]) -> None:
    path = "/" + "/".join(steps)
    for form in ("json", "xml"):
        try:
            found = values_at(body, form, [path])  # type: ignore[arg-type]
        except DocumentError:
            continue
        assert all(len(value) <= 256 for value in found[path])


@given(ANYTHING, ANY_PATH)
def test_any_json_ends_in_values_or_a_refusal(document: object, steps: list[str]) -> None:
    path = "/" + "/".join(steps)
    try:
        found = values_at(json.dumps(document).encode(), "json", [path])
    except DocumentError:
        return
    assert all(isinstance(value, str) for value in found[path])
