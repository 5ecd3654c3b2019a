"""The shipped profiles are sound, and a wrong one is told in one line."""

from __future__ import annotations

from collections import Counter

import pytest

from netwatch.core.errors import ConfigError
from netwatch.metrics import Registry
from netwatch.snmp import catalogue, load_profile, profile_names
from netwatch.snmp.identify import fitting, profiles_for
from netwatch.snmp.load import parse_profile
from netwatch.snmp.profile import HELPERS, Column

GOOD = """
mib: TEST-MIB
tables:
  - name: fans
    index: [fanIndex]
    labels: [fanName]
    entries:
      - oid: 1.3.6.1.4.1.32473.1.1
        columns:
          - {column: 2, name: fanName, kind: label, help: Name.}
          - {column: 3, name: fanSpeed, kind: gauge, help: Speed in hertz., scale: 0.1}
"""


IN_CALL = "facts: [{fact: in_call,"


@pytest.mark.parametrize("name", profile_names())
def test_shipped_profile_is_valid(name: str) -> None:
    assert load_profile(name).mib


def test_no_metric_is_in_two_profiles() -> None:
    names = Counter[str]()
    for name in profile_names():
        profile = load_profile(name)
        columns = [c for table in profile.tables for e in table.entries for c in e.columns]
        series = [column for column in columns if column.kind not in HELPERS]
        names.update(thing.metric for thing in (*profile.scalars, *series))
        names.update(f"table {table.name}" for table in profile.tables)
    assert not [name for name, count in names.items() if count > 1]


def test_every_series_fits_the_registry_of_metrics() -> None:
    registry = Registry()
    for series in catalogue().values():
        make = registry.counter if series.counter else registry.gauge
        make(series.name, series.help, ("site", "target", *series.labels))


def test_an_old_fortigate_is_one() -> None:
    assert "fortinet" in fitting("1.3.6.1.4.1.12356.15")


def test_names_and_labels_are_those_that_dashboards_of_the_field_use() -> None:
    row = ("ifIndex", "ifAlias", "ifDescr", "ifName")
    found = catalogue()
    for name in ("ifHCInOctets", "ifHCOutOctets", "ifInErrors", "ifOutErrors", "ifInDiscards"):
        assert found[name].labels == row
        assert found[name].counter
    for name in ("ifOperStatus", "ifAdminStatus", "ifHighSpeed", "ifSpeed", "ifMtu"):
        assert found[name].labels == row
        assert not found[name].counter
    assert found["ifType_info"].labels == (*row, "ifType")
    assert found["ifPhysAddress"].labels == (*row, "ifPhysAddress")
    assert found["sysDescr"].labels == ("sysDescr",)
    assert found["sysUpTime"].labels == ()


def test_unknown_profile() -> None:
    with pytest.raises(ConfigError, match=r"no SNMP profile 'nobody'; use one of .*if_mib"):
        load_profile("nobody")


@pytest.mark.parametrize("name", profile_names())
def test_a_value_in_another_unit_has_a_name_that_tells_it(name: str) -> None:
    profile = load_profile(name)
    columns = [c for table in profile.tables for e in table.entries for c in e.columns]
    for thing in (*profile.scalars, *columns):
        factors = thing.factors if isinstance(thing, Column) else ()
        same = thing.scale == 1.0 and not factors and thing.light is None
        assert same or thing.shown, thing.name


@pytest.mark.parametrize(
    ("object_id", "special"),
    [
        ("1.3.6.1.4.1.9.1.617", ("cisco",)),
        ("1.3.6.1.4.1.318.1.3.27", ("apc",)),
        # Two fit: what each lacks on the device costs a question now and then.
        ("1.3.6.1.4.1.9.6.1.95.26.1", ("cisco", "cisco_small_business")),
        ("1.3.6.1.4.1.12356.106.1.1247", ("fortiswitch",)),
        ("1.3.6.1.4.1.12356.101.1.1", ("fortinet",)),
        ("1.3.6.1.4.1.2011.2.23.276", ("huawei",)),
        ("1.3.6.1.4.1.25506.1.921", ("h3c",)),
        ("1.3.6.1.4.1.2636.1.1.1.2.21", ("juniper",)),
        ("1.3.6.1.4.1.14988.1", ("mikrotik",)),
        ("1.3.6.1.4.1.35047", ("sangfor",)),
        ("1.3.6.1.4.1.13885.101.1", ("poly_dma", "poly_endpoint", "poly_rmx", "poly_rprm")),
        ("1.3.6.1.4.1.2684.1.1", ("poly_endpoint",)),
        ("1.3.6.1.4.1.99999.1", ()),
        ("1.3.6.1.4.1.90.1", ()),
        (None, ()),
    ],
)
def test_profiles_by_object_id(object_id: str | None, special: tuple[str, ...]) -> None:
    base = fitting(None)
    assert base[:2] == ("if_mib", "system")
    assert fitting(object_id) == (*base, *special)


def test_named_profiles_are_read_once() -> None:
    assert profiles_for(["system"], "1.3.6.1.4.1.9.1") == ("system",)
    found = profiles_for(["system", "auto", "cisco"], "1.3.6.1.4.1.9.1")
    assert found[0] == "system"
    assert sorted(found) == sorted((*fitting(None), "cisco"))


def test_good_example() -> None:
    assert parse_profile(GOOD, "x.yaml").tables[0].row_labels == ("fanIndex", "fanName")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: gauge", "kind: gouge", r"x\.yaml: tables\.0\.entries\.0\.columns\.1\.kind: "),
        ("[fanName]", "[fanNames]", r"labels \['fanNames'\], but columns of kind label"),
        ("column: 3", "column: 2", r"columns of 1\.3\.6\.1\.4\.1\.32473\.1\.1: given twice: 2"),
        ("name: fanSpeed", "name: fanName", "metrics: given twice: fanName"),
        ("1.3.6.1.4.1.32473.1.1", ".1.3.6.1", r"entries\.0\.oid: "),
        ("scale: 0.1", "scale: 0", "greater than 0"),
        ("kind: gauge", "kind: text", "scale and none belong to kinds with a number"),
        ("kind: gauge", "kind: enum_info", "kind enum_info needs enum"),
        ("index: [fanIndex]", "index: []", r"tables\.0\.index: "),
        ("mib: TEST-MIB", "mib: TEST-MIB\nmore: 1", r"x\.yaml: more: "),
        ("mib: TEST-MIB", "mib: [", r"x\.yaml:\d+: not YAML: "),
        (
            "kind: gauge",
            "kind: text, none: [5]",
            "scale and none belong to kinds with a number",
        ),
        ("kind: gauge", "kind: counter, enum: {1: up}", "enum belongs to kinds enum_info"),
        ("kind: gauge", "kind: gauge, factors: [fanScale]", "factors without column, or never"),
        (
            "scale: 0.1",
            "scale: 0.1, light: microwatts",
            "light belongs to gauges and readings, without",
        ),
        ("kind: gauge", "kind: gauge, light: lumens", "light: Input should be"),
        ("scale: 0.1", "factors: [fanName]", "factors without column, or never used: "),
        ("index: [", "lesser: {column: fanType, values: [1]}\n    index: [", "which is not read"),
        ("mib: TEST-MIB", "mib: TEST-MIB\ndevices: [Cisco]", r"x\.yaml: devices\.0: "),
        ("mib: TEST-MIB", "mib: T\nneeds: [1.3.6.1]", "needs objects that are not read: 1.3.6.1"),
        ("mib: TEST-MIB", "mib: T\ndevices: [1.3.6]\nby_name: true", "remove by_name"),
        (
            "mib: TEST-MIB",
            f"mib: T\n{IN_CALL} of: fanName, above: 0}}]",
            "without a number: fanName",
        ),
        ("mib: TEST-MIB", f"mib: T\n{IN_CALL} of: fanSpeed}}]", "needs either above, or true_if"),
        (
            "mib: TEST-MIB",
            f"mib: T\n{IN_CALL} of: fanSpeed_hertz, above: 0, missing: no}}]",
            "what a device has not and what is empty look the same",
        ),
        (GOOD, "mib: X", "needs scalars or tables"),
        (GOOD, "", r"x\.yaml: the file: "),
    ],
)
def test_wrong_profile(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError, match=message) as caught:
        parse_profile(GOOD.replace(old, new), "x.yaml")
    for line in str(caught.value).splitlines():
        assert line.startswith("x.yaml:")


def test_what_every_device_is_asked_for_first_fits_in_one_request() -> None:
    profiles = [load_profile(name) for name in fitting(None)]
    first = [
        scalar.oid
        for profile in profiles
        for scalar in profile.scalars
        if not profile.needs or scalar.oid in profile.needs
    ]
    assert len(first) <= 16
