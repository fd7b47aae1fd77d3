"""Times as the ledger writes them."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo


def utc_offset(moment: datetime, zone: str | None) -> str:
    """Return the offset from UTC that a time zone has at a moment.

    :param moment: naive, in UTC.
    :param zone: a name of the tz database, None for UTC.
    :return: as ``+02:00``; seconds, which only zones before 1972 have, are cut.

    >>> utc_offset(datetime(2026, 7, 1), "Europe/Brussels")
    '+02:00'
    >>> utc_offset(datetime(2026, 7, 1), "America/St_Johns")
    '-02:30'
    """
    aware = moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone or "UTC"))
    offset = aware.utcoffset() or timedelta()
    minutes = abs(offset) // timedelta(minutes=1)
    sign = "-" if offset < timedelta() else "+"
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"


def end_of_day(day, zone: str | None) -> datetime:
    """Return the last second of ``day`` in a time zone, naive and in UTC.

    :param day: a date.
    :param zone: a name of the tz database, None for UTC.

    >>> from datetime import date
    >>> end_of_day(date(2026, 7, 1), "Europe/Brussels").isoformat()
    '2026-07-01T21:59:59'
    """
    last = datetime(day.year, day.month, day.day, 23, 59, 59)
    aware = last.replace(tzinfo=ZoneInfo(zone or "UTC"))
    return aware.astimezone(timezone.utc).replace(tzinfo=None)
