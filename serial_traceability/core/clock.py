"""Times as the ledger writes them."""

from datetime import date, datetime, timedelta, tzinfo

import pytz


def time_zone(name: str | None) -> tzinfo:
    """Return the time zone of that name, UTC for None and for names unknown here.

    By pytz, because Odoo keeps in it the old names that its users may have chosen
    and that a system's own tz database no longer knows. A movement must not fail for
    the name of a zone.

    >>> time_zone("Mars/Olympus").utcoffset(None)
    datetime.timedelta(0)
    """
    try:
        return pytz.timezone(name or "UTC")
    except pytz.UnknownTimeZoneError:
        return pytz.utc


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
    aware = pytz.utc.localize(moment).astimezone(time_zone(zone))
    offset = aware.utcoffset() or timedelta()
    minutes = abs(offset) // timedelta(minutes=1)
    sign = "-" if offset < timedelta() else "+"
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"


def local_date(moment: datetime, zone: str | None) -> date:
    """Return the day that a moment falls on in a time zone.

    :param moment: naive, in UTC.
    :param zone: a name of the tz database, None for UTC.

    >>> local_date(datetime(2030, 2, 1, 4, 59, 59), "America/New_York").isoformat()
    '2030-01-31'
    """
    return pytz.utc.localize(moment).astimezone(time_zone(zone)).date()


def end_of_day(day: date, zone: str | None) -> datetime:
    """Return the last second of a day in a time zone, naive and in UTC.

    :param zone: a name of the tz database, None for UTC.

    >>> end_of_day(date(2026, 7, 1), "Europe/Brussels").isoformat()
    '2026-07-01T21:59:59'
    """
    last = datetime(day.year, day.month, day.day, 23, 59, 59)
    return time_zone(zone).localize(last).astimezone(pytz.utc).replace(tzinfo=None)
