"""What devices can be asked over SNMP. MIB knowledge is data, in ``profiles/*.yaml``."""

from netwatch.snmp.load import ProfileSeries, catalogue, load_profile, profile_names
from netwatch.snmp.profile import Column, Instance, Profile, Scalar, Table, TableEntry

__all__ = [
    "Column",
    "Instance",
    "Profile",
    "ProfileSeries",
    "Scalar",
    "Table",
    "TableEntry",
    "catalogue",
    "load_profile",
    "profile_names",
]
