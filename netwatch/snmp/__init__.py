"""Floor 1: what devices can be asked over SNMP. MIB knowledge is data, in ``profiles/*.yaml``."""

from netwatch.snmp.load import Series, catalogue, load_profile, profile_names
from netwatch.snmp.profile import Column, Entry, Instance, Profile, Scalar, Table

__all__ = [
    "Column",
    "Entry",
    "Instance",
    "Profile",
    "Scalar",
    "Series",
    "Table",
    "catalogue",
    "load_profile",
    "profile_names",
]
