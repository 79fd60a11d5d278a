"""Encryption of what is stored: a key out of HEADROOM_KEY, or kept by the system's keyring."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping

from headroom_wrap.errors import ConfigError, StoreError

# No row of ours begins with it.
_SEALED = b"\0"
_NONCE = 12
_SERVICE, _ACCOUNT = "headroom", "store"


class Cipher:
    """AES-256-GCM. Rows that were written without a key stay readable."""

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._box = AESGCM(key)

    def seal(self, row: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return _SEALED + nonce + self._box.encrypt(nonce, row, None)

    def open(self, row: bytes) -> bytes:
        """Raises StoreError when it was sealed with another key."""
        from cryptography.exceptions import InvalidTag

        nonce, body = row[1 : 1 + _NONCE], row[1 + _NONCE :]
        try:
            return self._box.decrypt(nonce, body, None)
        except (InvalidTag, ValueError) as problem:
            raise StoreError(
                "the store is encrypted with another key", "set the HEADROOM_KEY it was made with"
            ) from problem


def sealed(row: bytes) -> bool:
    """Whether a row is encrypted."""
    return row[:1] == _SEALED


def opened(row: bytes, cipher: Cipher | None) -> bytes:
    """The row in the clear; raises StoreError where the key for it is missing."""
    if not sealed(row):
        return row
    if cipher is None:
        raise StoreError("the store is encrypted", "use --encrypt, or set HEADROOM_KEY")
    return cipher.open(row)


def cipher(wanted: bool, environ: Mapping[str, str]) -> Cipher | None:
    """The cipher for this run; None where nothing is to be encrypted."""
    word = environ.get("HEADROOM_KEY", "")
    if word:
        return Cipher(
            hashlib.scrypt(word.encode(), salt=b"headroom", n=1 << 14, r=8, p=1, dklen=32)
        )
    return Cipher(_kept()) if wanted else None


def in_keyring() -> bool:
    """Whether the system's keyring holds a key of ours."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return False
    try:
        return keyring.get_password(_SERVICE, _ACCOUNT) is not None
    except KeyringError:
        return False


def forget() -> None:
    """Takes our key out of the system's keyring: what was encrypted with it cannot be read again.
    Raises ConfigError."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(_SERVICE, _ACCOUNT)
    except KeyringError as problem:
        raise ConfigError(f"the system's keyring cannot be used: {problem}") from problem


def _kept() -> bytes:
    """The key in the keyring, made where there is none."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as problem:
        raise ConfigError(
            "the system's keyring cannot be used: the `keyring` package is not installed",
            "pip install 'headroom-wrap[encrypt]', or set HEADROOM_KEY",
        ) from problem
    try:
        found = keyring.get_password(_SERVICE, _ACCOUNT)
        if found is None:
            found = os.urandom(32).hex()
            keyring.set_password(_SERVICE, _ACCOUNT, found)
    except KeyringError as problem:
        raise ConfigError(
            f"the system's keyring cannot be used: {problem}", "set HEADROOM_KEY to a long word"
        ) from problem
    return bytes.fromhex(found)
