"""Linters of dates and times.

Source: GS1 General Specifications §3.4 and §7.12. Whether a day exists is asked of the
two-digit year alone: within the sliding century every fourth year is a leap year.
"""

from functools import lru_cache

from .fault import Fault, digits_fault

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_TWO_DIGITS = frozenset(f"{number:02d}" for number in range(100))
_HOURS = frozenset(f"{hour:02d}" for hour in range(24))
_SIXTY = frozenset(f"{number:02d}" for number in range(60))


def days_in_month(year: int, month: int) -> int:
    """Return how many days ``month`` (1 to 12) of ``year`` has.

    >>> days_in_month(2024, 2), days_in_month(2100, 2), days_in_month(2026, 11)
    (29, 28, 30)
    """
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _DAYS[month - 1] + (leap and month == 2)


def _day_fault(year: int, text: str, start: int, *, day_zero: bool) -> Fault | None:
    """Return what is wrong in the ``MMDD`` that stands in ``text`` from ``start``."""
    month, day = int(text[start : start + 2]), int(text[start + 2 : start + 4])
    if not 1 <= month <= 12:
        return Fault("illegal_month", start, "a month from 01 to 12")
    last = days_in_month(year, month)
    if not (day_zero and day == 0) and not 1 <= day <= last:
        first = "00" if day_zero else "01"
        return Fault("illegal_day", start + 2, f"a day from {first} to {last}")
    return None


@lru_cache(maxsize=1024)
def yymmdd(value: str) -> Fault | None:
    """Check a date YYMMDD.

    >>> yymmdd("261301").code, yymmdd("260229").code, yymmdd("240229")
    ('illegal_month', 'illegal_day', None)
    """
    return digits_fault(value, 6) or _day_fault(
        2000 + int(value[:2]), value, 2, day_zero=False
    )


@lru_cache(maxsize=1024)
def yymmd0(value: str) -> Fault | None:
    """Check a date YYMMDD whose day may be 00, for the last day of the month.

    >>> yymmd0("261100"), yymmd0("260001").position
    (None, 2)
    """
    return digits_fault(value, 6) or _day_fault(
        2000 + int(value[:2]), value, 2, day_zero=True
    )


def yyyymmdd(value: str) -> Fault | None:
    """Check a date YYYYMMDD.

    >>> yyyymmdd("21000229").code, yyyymmdd("20240229")
    ('illegal_day', None)
    """
    return digits_fault(value, 8) or _day_fault(
        int(value[:4]), value, 4, day_zero=False
    )


def hh(value: str) -> Fault | None:
    """Check an hour, 00 to 23."""
    return _one_of(value, _HOURS, "illegal_hour", "an hour from 00 to 23")


def mi(value: str) -> Fault | None:
    """Check a minute, 00 to 59."""
    return _one_of(value, _SIXTY, "illegal_minute", "a minute from 00 to 59")


def ss(value: str) -> Fault | None:
    """Check a second, 00 to 59."""
    return _one_of(value, _SIXTY, "illegal_second", "a second from 00 to 59")


def _one_of(
    value: str, allowed: frozenset[str], code: str, expected: str
) -> Fault | None:
    if value in allowed:
        return None
    if value in _TWO_DIGITS:
        return Fault(code, 0, expected)
    return digits_fault(value, 2)


def hhmi(value: str) -> Fault | None:
    """Check an hour and a minute.

    >>> hhmi("2400").code, hhmi("2360").position, hhmi("2359")
    ('illegal_hour', 2, None)
    """
    fault = digits_fault(value, 4) or hh(value[:2])
    if fault:
        return fault
    fault = mi(value[2:])
    return fault and fault._replace(position=2)
