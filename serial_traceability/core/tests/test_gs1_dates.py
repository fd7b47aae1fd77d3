"""Dates and times in GS1 values."""

from datetime import date, datetime

import pytest

from serial_traceability.core.errors import Gs1Error
from serial_traceability.core.gs1 import (
    full_year,
    parse,
    parse_bracketed,
    parse_date,
    parse_date_range,
    parse_date_time,
    parse_date_value,
)

TODAY = date(2026, 11, 22)
GTIN = "09520001100017"


@pytest.mark.parametrize(
    ("year", "today", "meant"),
    [
        (26, 2026, 2026),
        (76, 2026, 2076),
        (77, 2026, 1977),
        (99, 2026, 1999),
        (0, 2026, 2000),
        (0, 2050, 2100),
        (0, 2049, 2000),
        (50, 2099, 2050),
        (49, 2099, 2149),
        (99, 2001, 1999),
        (51, 2001, 2051),
        (52, 2001, 1952),
    ],
)
def test_the_century_is_the_one_nearest_to_the_day_of_reading(year, today, meant):
    assert full_year(year, reference_date=date(today, 6, 15)) == meant


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("261122", date(2026, 11, 22)),
        ("261100", date(2026, 11, 30)),
        ("260200", date(2026, 2, 28)),
        ("280200", date(2028, 2, 29)),
        ("240229", date(2024, 2, 29)),
    ],
)
def test_day_00_is_the_last_of_the_month(value, meant):
    assert parse_date(value, reference_date=TODAY) == meant


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("261301", "illegal_month"),
        ("000000", "illegal_month"),
        ("261131", "illegal_day"),
        ("260229", "illegal_day"),
        ("26112", "wrong_length"),
        ("26112x", "not_digits"),
        ("²61122", "not_digits"),
        ("", "wrong_length"),
    ],
)
def test_a_date_that_is_none_is_refused(value, code):
    with pytest.raises(Gs1Error) as caught:
        parse_date(value, reference_date=TODAY)
    assert caught.value.code == code


def test_29_february_of_2100_does_not_exist():
    with pytest.raises(Gs1Error) as caught:
        parse_date("000229", reference_date=date(2060, 1, 1))
    assert caught.value.code == "illegal_day"
    assert parse_date("000200", reference_date=date(2060, 1, 1)) == date(2100, 2, 28)


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("26112223", datetime(2026, 11, 22, 23)),
        ("2611222359", datetime(2026, 11, 22, 23, 59)),
        ("261122235958", datetime(2026, 11, 22, 23, 59, 58)),
    ],
)
def test_a_time_has_hours_minutes_and_seconds(value, meant):
    assert parse_date_time(value, reference_date=TODAY) == meant


@pytest.mark.parametrize(
    ("value", "code", "position"),
    [
        ("26112224", "illegal_hour", 6),
        ("2611222360", "illegal_minute", 8),
        ("261122235960", "illegal_second", 10),
        ("261122", "wrong_length", 6),
        ("261122235", "wrong_length", 9),
    ],
)
def test_a_time_that_is_none_is_refused(value, code, position):
    with pytest.raises(Gs1Error) as caught:
        parse_date_time(value, reference_date=TODAY)
    assert (caught.value.code, caught.value.position) == (code, position)


def test_a_range_has_two_days():
    first = date(2026, 11, 1)
    assert parse_date_range("261101261103", reference_date=TODAY) == (
        first,
        date(2026, 11, 3),
    )
    assert parse_date_range("261101", reference_date=TODAY) == (first, first)


@pytest.mark.parametrize(
    ("ai", "value", "meant"),
    [
        *((ai, "261122", TODAY) for ai in ("11", "12", "13", "15", "16", "17")),
        ("4326", "261122", TODAY),
        ("7006", "261122", TODAY),
        ("7007", "261122", (TODAY, TODAY)),
        ("7007", "261122261123", (TODAY, date(2026, 11, 23))),
        ("7003", "2611221530", datetime(2026, 11, 22, 15, 30)),
        ("7011", "261122", TODAY),
        ("7011", "2611221530", datetime(2026, 11, 22, 15, 30)),
        ("4324", "2611221530", datetime(2026, 11, 22, 15, 30)),
        ("8008", "26112215", datetime(2026, 11, 22, 15)),
        ("8008", "261122153045", datetime(2026, 11, 22, 15, 30, 45)),
        ("7250", "19700101", date(1970, 1, 1)),
        ("7251", "197001012359", datetime(1970, 1, 1, 23, 59)),
    ],
)
def test_each_date_ai_has_its_form(ai, value, meant):
    assert parse_date_value(ai, value, reference_date=TODAY) == meant


def test_an_ai_without_date_is_refused():
    with pytest.raises(Gs1Error) as caught:
        parse_date_value("21", "261122", reference_date=TODAY)
    assert caught.value.code == "no_date"


def test_a_birth_in_the_year_0000_is_refused():
    with pytest.raises(Gs1Error):
        parse_date_value("7250", "00000101", reference_date=TODAY)


def test_a_message_knows_when_the_item_expires_and_was_made():
    message = parse(f"01{GTIN}17281200112609011526093021A1")
    assert message.expiry(reference_date=TODAY) == date(2028, 12, 31)
    assert message.production_date(reference_date=TODAY) == date(2026, 9, 1)
    assert message.best_before(reference_date=TODAY) == date(2026, 9, 30)


def test_a_time_of_expiry_comes_before_a_day():
    message = parse_bracketed(f"(01){GTIN}(17)281231(7003)2812301200")
    assert message.expiry(reference_date=TODAY) == datetime(2028, 12, 30, 12)


def test_a_message_without_dates_has_none():
    message = parse_bracketed(f"(01){GTIN}")
    assert message.expiry(reference_date=TODAY) is None
    assert message.date_of("11", reference_date=TODAY) is None
