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
"""By the words of ``netwatch.core.credential.UserCredential``.

Where a digest is shorter than a key of AES-192 or AES-256, it is lengthened by the way of
draft-blumenthal-aes-usm, as net-snmp and gufo_snmp do it; pysnmp's plain names mean Cisco's way.
"""
