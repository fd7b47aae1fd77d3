"""Linters that look a component up in a list of codes."""

from ..charsets import CSET_64
from .code_lists import (
    COUNTRIES_ALPHA_2,
    COUNTRIES_NUMERIC,
    CURRENCIES,
    MEDIA_TYPES,
    PACKAGE_TYPES,
)
from .fault import Fault


def iso3166(value: str) -> Fault | None:
    """Check a numeric country code.

    >>> iso3166("528"), iso3166("987").code
    (None, 'not_iso3166')
    """
    if value in COUNTRIES_NUMERIC:
        return None
    return Fault("not_iso3166", 0, "a numeric ISO 3166 country code")


def iso3166999(value: str) -> Fault | None:
    """Check a numeric country code, or 999 where several countries are meant."""
    if value == "999" or value in COUNTRIES_NUMERIC:
        return None
    return Fault("not_iso3166_or_999", 0, "a numeric ISO 3166 country code or 999")


def iso3166alpha2(value: str) -> Fault | None:
    """Check a two-letter country code."""
    if value in COUNTRIES_ALPHA_2:
        return None
    return Fault("not_iso3166_alpha2", 0, "a two-letter ISO 3166 country code")


def iso4217(value: str) -> Fault | None:
    """Check a numeric currency code.

    >>> iso4217("978"), iso4217("987").code
    (None, 'not_iso4217')
    """
    if value in CURRENCIES:
        return None
    return Fault("not_iso4217", 0, "a numeric ISO 4217 currency code")


def iso5218(value: str) -> Fault | None:
    """Check a code for biological sex: 0, 1, 2 or 9."""
    if value in ("0", "1", "2", "9"):
        return None
    return Fault("invalid_biological_sex", 0, "0, 1, 2 or 9")


def mediatype(value: str) -> Fault | None:
    """Check the type of an AIDC medium on a patient or caregiver."""
    if value in MEDIA_TYPES:
        return None
    return Fault("invalid_media_type", 0, "an AIDC media type, 01 to 10 or 80 to 99")


def packagetype(value: str) -> Fault | None:
    """Check a package type of UN/ECE Recommendation 21 or of GS1.

    >>> packagetype("PX"), packagetype("0").code
    (None, 'invalid_package_type')
    """
    if value in PACKAGE_TYPES:
        return None
    return Fault("invalid_package_type", 0, "a package type code")


def winding(value: str) -> Fault | None:
    """Check the winding direction of a roll: 0, 1 or 9."""
    if value in ("0", "1", "9"):
        return None
    return Fault("invalid_winding_direction", 0, "0, 1 or 9")


def yesno(value: str) -> Fault | None:
    """Check a flag: 0 or 1."""
    if value in ("0", "1"):
        return None
    return Fault("not_zero_or_one", 0, "0 or 1")


def hyphen(value: str) -> Fault | None:
    """Check that every character is a hyphen, which stands for a minus."""
    for position, character in enumerate(value):
        if character != "-":
            return Fault("not_hyphen", position, "a hyphen")
    return None


def importeridx(value: str) -> Fault | None:
    """Check the importer index of Regulation (EU) 2018/574: one character of set 64."""
    if len(value) != 1:
        return Fault("importer_index_not_one_character", 0, "one character")
    if value not in CSET_64:
        return Fault("invalid_importer_index", 0, "a letter, digit, '-' or '_'")
    return None
