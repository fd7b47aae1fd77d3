"""What the dates and times in GS1 values mean.

Years have two digits there. Which century is meant follows from the day on which one
reads them, so every function takes that day; there is no clock in here.

Source: GS1 General Specifications §7.12.
"""

from datetime import date, datetime

from ..errors import Gs1Error
from .linters.dates import days_in_month, hh, mi, ss, yymmd0, yyyymmdd

DateValue = date | datetime | tuple[date, date]

#: AIs whose value is a date, YYMMDD.
_DATE_AIS = frozenset(("11", "12", "13", "15", "16", "17", "4326", "7006"))
#: AIs whose value is a date with a time, or may be.
_TIME_AIS = frozenset(("4324", "4325", "7003", "7011", "8008"))
_RANGE_AI = "7007"
_BIRTH_AIS = frozenset(("7250", "7251"))


def full_year(year: int, *, reference_date: date) -> int:
    """Return the year that the two digits ``year`` mean.

    :param year: 0 to 99.
    :param reference_date: the day on which they are read.

    >>> full_year(70, reference_date=date(2026, 1, 1))
    2070
    >>> full_year(77, reference_date=date(2026, 1, 1))
    1977
    >>> full_year(1, reference_date=date(2060, 1, 1))
    2101
    """
    century, current = divmod(reference_date.year, 100)
    difference = year - current
    if difference >= 51:
        century -= 1
    elif difference <= -50:
        century += 1
    return century * 100 + year


def parse_date(value: str, *, reference_date: date) -> date:
    """Return the date YYMMDD; the day 00 means the last day of the month.

    :raises Gs1Error: where there is no such date.

    >>> parse_date("280200", reference_date=date(2026, 11, 22))
    datetime.date(2028, 2, 29)
    """
    fault = yymmd0(value)
    if fault:
        raise _error(value, fault.code, fault.position, fault.expected)
    year = full_year(int(value[:2]), reference_date=reference_date)
    month, day = int(value[2:4]), int(value[4:])
    last = days_in_month(year, month)
    if day > last:  # 29 February of a century's year that is no leap year
        raise _error(value, "illegal_day", 4, f"a day from 00 to {last}")
    return date(year, month, day or last)


def parse_date_time(value: str, *, reference_date: date) -> datetime:
    """Return the date and time YYMMDDhh, YYMMDDhhmm or YYMMDDhhmmss.

    :return: naive, in the local time of whoever wrote it.
    :raises Gs1Error: where there is no such date or time.

    >>> parse_date_time("2611222359", reference_date=date(2026, 11, 22))
    datetime.datetime(2026, 11, 22, 23, 59)
    """
    day = parse_date(value[:6], reference_date=reference_date)
    if len(value) not in (8, 10, 12):
        raise _error(value, "wrong_length", len(value), "8, 10 or 12 digits")
    clock = [0, 0, 0]
    for index, linter in enumerate((hh, mi, ss)[: (len(value) - 6) // 2]):
        start = 6 + 2 * index
        fault = linter(value[start : start + 2])
        if fault:
            raise _error(value, fault.code, start, fault.expected)
        clock[index] = int(value[start : start + 2])
    return datetime(day.year, day.month, day.day, *clock)


def parse_date_range(value: str, *, reference_date: date) -> tuple[date, date]:
    """Return first and last day of YYMMDD or YYMMDDYYMMDD.

    :raises Gs1Error: where there is no such date.

    >>> parse_date_range("261101261103", reference_date=date(2026, 11, 22))
    (datetime.date(2026, 11, 1), datetime.date(2026, 11, 3))
    """
    first = parse_date(value[:6], reference_date=reference_date)
    if len(value) == 6:
        return first, first
    return first, parse_date(value[6:], reference_date=reference_date)


def _parse_birth(value: str) -> date | datetime:
    fault = yyyymmdd(value[:8])
    if fault:
        raise _error(value, fault.code, fault.position, fault.expected)
    try:
        day = date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    except ValueError as error:  # the year 0000
        raise _error(value, "illegal_year", 0, "a year from 0001") from error
    if len(value) == 8:
        return day
    return datetime(day.year, day.month, day.day, int(value[8:10]), int(value[10:12]))


def parse_date_value(ai: str, value: str, *, reference_date: date) -> DateValue:
    """Return what the value of a date AI means.

    :param value: a value that fits the AI.
    :return: a date; a naive datetime where the value has a time; for 7007 first and
        last day.
    :raises Gs1Error: where the AI has no date (code ``no_date``), or there is no such
        date.

    >>> parse_date_value("17", "261100", reference_date=date(2026, 11, 22))
    datetime.date(2026, 11, 30)
    """
    if ai in _DATE_AIS:
        return parse_date(value, reference_date=reference_date)
    if ai in _TIME_AIS:
        reader = parse_date if len(value) == 6 else parse_date_time
        return reader(value, reference_date=reference_date)
    if ai == _RANGE_AI:
        return parse_date_range(value, reference_date=reference_date)
    if ai in _BIRTH_AIS:
        return _parse_birth(value)
    raise _error(ai, "no_date", None, "an application identifier with a date")


def _error(value: str, code: str, position: int | None, expected: str) -> Gs1Error:
    return Gs1Error(
        f"{value!r} is no date ({code.replace('_', ' ')}); expected: {expected}.",
        code=code,
        value=value,
        expected=expected,
        position=position,
    )
