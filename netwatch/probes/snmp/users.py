"""Credentials as gufo_snmp wants them."""

from __future__ import annotations

from functools import lru_cache

from gufo.snmp import (
    Aes128Key,
    Aes192Key,
    Aes256Key,
    BaseAuthKey,
    BasePrivKey,
    DesKey,
    Md5Key,
    Sha1Key,
    Sha224Key,
    Sha256Key,
    Sha384Key,
    Sha512Key,
    User,
)
from gufo.snmp.user import KeyType

from netwatch.core.credential import UserCredential
from netwatch.core.result import Outcome, Reason
from netwatch.probes.snmp.errors import PollError

MIN_PASSWORD = 8
"""Characters of a password (RFC 3414, section 11.2)."""

_AUTH: dict[str, type[BaseAuthKey]] = {
    "md5": Md5Key,
    "sha1": Sha1Key,
    "sha224": Sha224Key,
    "sha256": Sha256Key,
    "sha384": Sha384Key,
    "sha512": Sha512Key,
}
_PRIV: dict[str, type[BasePrivKey]] = {
    "des": DesKey,
    "aes128": Aes128Key,
    "aes192": Aes192Key,
    "aes256": Aes256Key,
}


@lru_cache(maxsize=1024)
def user_of(credential: UserCredential) -> User:
    """A credential as gufo_snmp's user, with master keys.

    A master key is the digest of a megabyte of repeated password (RFC 3414, section A.2), some
    milliseconds of work: it is made once a credential, and localized to each engine in
    microseconds.

    Raises:
        PollError: a password is too short to be one.
    """
    auth = _AUTH[credential.auth_protocol]
    auth_key = auth(_master(auth, credential.auth_key.get_secret_value()), KeyType.Master)
    priv_key = None
    if credential.priv_protocol is not None:
        password = credential.priv_key.get_secret_value() if credential.priv_key else ""
        priv_key = _PRIV[credential.priv_protocol](_master(auth, password), KeyType.Master)
    return User(credential.user, auth_key=auth_key, priv_key=priv_key)


def _master(auth: type[BaseAuthKey], password: str) -> bytes:
    if len(password) < MIN_PASSWORD:
        detail = f"an SNMP v3 key is shorter than {MIN_PASSWORD} characters; set a longer one"
        raise PollError(Reason.LOCAL_ERROR, detail, Outcome.INVALID)
    return auth.get_master_key(password.encode())
