"""The one byte form of a ledger entry (RFC 8785, JSON Canonicalization Scheme).

Only values whose canonical form nobody can dispute are taken: text, whole numbers
that a double holds exactly, booleans, None, lists and dictionaries. Fractions are
refused rather than rounded: write a quantity as text or in its smallest unit.
"""

import json
from collections.abc import Iterable, Iterator

from ..errors import LedgerError

MAX_INTEGER = 2**53 - 1

_WHAT_IS_ALLOWED = (
    "text, a whole number within ±(2^53-1), true, false, null, list or dict"
)

# The json module's C encoder writes strings and integers exactly as RFC 8785 §3.2.2
# asks (short escapes, lower-case \u00xx, no escape beyond ASCII controls), and its
# order of keys is that of UTF-16 units as long as the keys are ASCII.
_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
).encode


def canonical_json(entry: dict) -> bytes:
    r"""Return the canonical JSON of ``entry`` in UTF-8.

    :param entry: a dictionary with ASCII text keys; its values are str, int within
        ±(2^53-1), bool, None, and lists and dictionaries of these.
    :return: bytes that are the same for equal entries, whatever the order in which
        their keys were set.
    :raises LedgerError: where a value has no agreed canonical form (a float, NaN, a
        tuple, a date, a lone surrogate, a key that is not ASCII text) or the entry
        contains itself; the message names the place.

    Source: RFC 8785 §3.2.

    >>> canonical_json({"seq": 7, "epc": "é", "lines": [{"b": None, "a": True}]})
    b'{"epc":"\xc3\xa9","lines":[{"a":true,"b":null}],"seq":7}'
    """
    if not isinstance(entry, dict):
        raise _error("entry", entry, "a dict")
    try:
        form = _written(entry)
        if form is None:
            raise next(_faults("entry", entry))
    except RecursionError as error:
        raise LedgerError(
            "The entry contains itself or is nested too deeply to be written.",
            code="too_deep",
            expected="an entry without cycles",
        ) from error
    return form


def _written(entry: dict) -> bytes | None:
    """Return the canonical bytes of ``entry``, None where it has no such form."""
    if not _is_plain_dict(entry):
        return None
    try:
        return _encode(entry).encode()
    except UnicodeEncodeError:  # a lone surrogate
        return None


def _is_plain_dict(value: dict) -> bool:
    """Return whether all keys are ASCII text and all values canonical, below too."""
    try:
        return "".join(value).isascii() and _are_plain(value.values())
    except TypeError:  # a key that is no text
        return False


def _are_plain(values: Iterable) -> bool:
    """Return whether all of ``values`` are canonical; surrogates show on encoding.

    An entry has ten values a unit, so the common types are told in this one loop,
    without a call for each value.
    """
    for value in values:
        kind = type(value)
        if kind is str or value is None or kind is bool:
            continue
        if kind is int:
            if not -MAX_INTEGER <= value <= MAX_INTEGER:
                return False
        elif not _is_plain(value):
            return False
    return True


def _is_plain(value: object) -> bool:
    """Return whether ``value``, a container or of a derived type, is canonical."""
    if isinstance(value, dict):
        return _is_plain_dict(value)
    if isinstance(value, list):
        return _are_plain(value)
    if isinstance(value, int):
        return -MAX_INTEGER <= value <= MAX_INTEGER
    return value is None or isinstance(value, str)


def _faults(path: str, value: object) -> Iterator[LedgerError]:
    """Yield what is wrong in ``value``, each with its place."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                yield _error(f"a key of {path}", key, "ASCII text")
            else:
                yield from _faults(f"{path}.{key}", item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults(f"{path}[{index}]", item)
    elif isinstance(value, str):
        if any("\ud800" <= char <= "\udfff" for char in value):
            yield _error(path, value, "text without lone surrogates")
    elif not _is_plain(value):
        yield _error(path, value, _WHAT_IS_ALLOWED)


def _error(path: str, value: object, expected: str) -> LedgerError:
    """Return the error for a ``value`` found at ``path``."""
    return LedgerError(
        f"{path} is {value!r}, which has no canonical form: expected {expected}.",
        code="not_canonical",
        value=repr(value),
        expected=expected,
    )
