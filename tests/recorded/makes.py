"""Makes of devices that a province has, and how LibreNMS calls their systems."""

from __future__ import annotations

MAKES: dict[str, frozenset[str]] = {
    make: frozenset(systems.split())
    for make, systems in {
        "Cisco": "ios iosxe iosxr nxos asa ftd",
        "Cisco Small Business": "ciscosb",
        "Huawei": "vrp vrp-12700 smartax",
        "H3C, HPE Comware": "comware",
        "Juniper": "junos",
        "Ruijie": "ruijie fs-ruijie",
        "D-Link": "dlink dlink-dgs1250",
        "ZTE": "zxa10 zxdsl zxr10",
        "MikroTik": "routeros",
        "HP ProCurve": "procurve",
        "Aruba CX": "arubaos-cx",
        "Aruba controllers": "arubaos",
        "Dell": "dnos ftos powerconnect dell-os10",
        "TP-Link": "jetstream",
        "DrayTek": "draytek",
        "FortiGate": "fortigate",
        "FortiSwitch": "fortiswitch",
        "Palo Alto": "panos",
        "Check Point": "gaia",
        "Sophos": "sophos-xg sophos",
        "F5": "f5",
        "pfSense, OPNsense": "pfsense opnsense",
        "Synology": "dsm",
        "Linux, Windows, VMware": "linux windows vmware-esxi vmware-vcsa",
        "Hikvision, Dahua": "hikvision-cam hikvision-nvr dahua-nvr",
        "APC": "apc apc-mgeups",
        "UPS, other": "eatonups eaton-mgeups eatonupsm2 netagent2 poweralert cyberpower deltaups "
        "socomec-net-vision socomec-pdu riello netmanplus liebert vertiv-ups generex-ups "
        "huaweiups dell-ups webpower salicru abbups benning-ups ups",
    }.items()
}
