"""The leaf of the Merkle log that stands for one ledger entry."""

import hashlib

from .canonical import canonical_json

LEAF_PREFIX = b"\x00"


def leaf_hash(entry: dict) -> bytes:
    """Return the Merkle leaf hash of ``entry``: SHA-256 of 0x00 and its canonical JSON.

    The prefix keeps a leaf from ever being taken for an inner node, which has 0x01.

    :param entry: what :func:`~.canonical.canonical_json` takes.
    :return: bytes, 32.
    :raises LedgerError: where the entry has no canonical form.

    Source: RFC 9162 §2.1.1.

    >>> leaf_hash({}).hex()
    '28a3a18f6cd6406b086e9ffda1f9b8a13dbcf44b0f3f32cb9031a11fd053acf9'
    """
    return hashlib.sha256(LEAF_PREFIX + canonical_json(entry)).digest()
