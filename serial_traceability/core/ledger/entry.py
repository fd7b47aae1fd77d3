"""The form in which an event and its lines are sealed: one entry, one hash.

An entry is what the database rows say, column by column, empty columns left out, so
that a column which a later version adds changes no older entry. ``form`` says by
which version of these rules an entry was made.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from .leaf import leaf_hash

#: Version of the rules below; stands in each event's ``form_version``.
FORM_VERSION = 1

#: Columns that are about the entry and not part of it.
UNSEALED_EVENT_COLUMNS = frozenset({"record_hash"})
UNSEALED_LINE_COLUMNS = frozenset({"id", "event_id"})
_PLAIN = frozenset({str, int, bool})


def seal_value(value: Any) -> Any:
    """Return ``value`` in its canonical form: text, whole number or truth value.

    :param value: what PostgreSQL gives: datetimes naive and in UTC, numerics as
        Decimal.

    >>> seal_value(datetime(2026, 11, 22, 7, 0, 5)), seal_value(Decimal("1.50"))
    ('2026-11-22T07:00:05.000000Z', '1.5')
    """
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | float):
        return quantity_text(value)
    return value


@lru_cache(maxsize=1024, typed=True)
def quantity_text(quantity: Decimal | float) -> str:
    """Return ``quantity`` in decimal digits, without exponent or needless zeros.

    >>> quantity_text(Decimal("100")), quantity_text(0.1), quantity_text(1)
    ('100', '0.1', '1')
    """
    text = format(Decimal(str(quantity)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def build_entry(
    event: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the entry of ``event`` and its ``lines``, in the order they stand.

    :param event: column name to value, as in the database.
    :param lines: the same for each line, ascending by ``sequence``.
    """
    entry = _sealed(event, UNSEALED_EVENT_COLUMNS)
    entry["lines"] = [_sealed(line, UNSEALED_LINE_COLUMNS) for line in lines]
    return entry


def _sealed(row: Mapping[str, Any], unsealed: frozenset[str]) -> dict[str, Any]:
    # Most values are text or numbers already, and this runs for each unit's columns.
    return {
        column: value if type(value) in _PLAIN else seal_value(value)
        for column, value in row.items()
        if value is not None and column not in unsealed
    }


def record_hash(event: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> str:
    """Return the record hash of an entry: 64 hexadecimal digits.

    It is the entry's leaf hash in a Merkle log (RFC 9162 §2.1.1).
    """
    return leaf_hash(build_entry(event, lines)).hex()
