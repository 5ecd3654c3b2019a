"""pysnmp's names for the protocols of SNMP v3 users."""

from __future__ import annotations

from pysnmp.entity import config

AUTHENTICATION = {
    "md5": config.USM_AUTH_HMAC96_MD5,
    "sha1": config.USM_AUTH_HMAC96_SHA,
    "sha224": config.USM_AUTH_HMAC128_SHA224,
    "sha256": config.USM_AUTH_HMAC192_SHA256,
    "sha384": config.USM_AUTH_HMAC256_SHA384,
    "sha512": config.USM_AUTH_HMAC384_SHA512,
}
PRIVACY = {
    None: config.USM_PRIV_NONE,
    "des": config.USM_PRIV_CBC56_DES,
    "aes128": config.USM_PRIV_CFB128_AES,
    "aes192": config.USM_PRIV_CFB192_AES_BLUMENTHAL,
    "aes256": config.USM_PRIV_CFB256_AES_BLUMENTHAL,
}
"""pysnmp's protocols by their names in ``netwatch.core.credential.UserCredential``.

A digest that is shorter than a key of AES-192 or AES-256 is lengthened as draft-blumenthal-aes-usm
says, which net-snmp and gufo_snmp follow, too. pysnmp's plain names stand for Cisco's way.
"""
