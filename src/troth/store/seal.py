"""Seal: every use of a key in the store, and nothing that remembers one.

root → epoch key → person key → HKDF(person key, bucket salt, class) → AES-256-GCM with the record's whole
name as associated data.  Nonces are random, 96 bits.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SCHEMA = 1


def derive(key: bytes, label: str, salt: bytes | None = None) -> bytes:
    """Derive 32 bytes for one use from a key."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=label.encode()).derive(key)


def seal(key: bytes, plain: bytes, name: str) -> bytes:
    """Encrypt under a fresh nonce, bound to ``name``."""
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, plain, name.encode())


def unseal(key: bytes, sealed: bytes, name: str) -> bytes | None:
    """Decrypt; None when the key is another one, or a bit was changed."""
    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], name.encode())
    except InvalidTag:
        return None


def opener(key: bytes) -> Callable[[bytes, str], bytes | None]:
    """Return ``unseal`` under one key made ready once; it lives no longer than the call it is made for."""
    decrypt = AESGCM(key).decrypt

    def opened(sealed: bytes, name: str) -> bytes | None:
        try:
            return decrypt(sealed[:12], sealed[12:], name.encode())
        except InvalidTag:
            return None

    return opened


def blind(key: bytes, namespace: str, value: str) -> bytes:
    """Return the 16 bytes under which a value is found: equal for equal values, silent without the key."""
    return hmac.digest(derive(key, f"index:{namespace}"), value.encode(), hashlib.sha256)[:16]


def pseudonym(salt: bytes, label: str) -> str:
    """Return a person's name under a label: the same each time, nobody's once the salt is gone."""
    return hmac.digest(salt, f"pseudonym:{label}".encode(), hashlib.sha256)[:8].hex()


def tag(salt: bytes, leaf: int, what: str = "person") -> str:
    """Return a person's tag on one leaf; without the salt two tags of one person are strangers."""
    return hmac.digest(salt, f"{leaf}:{what}".encode(), hashlib.sha256)[:16].hex()
