"""Linters of check digits, check characters and company prefixes."""

from ..charsets import CSET_32, CSET_82, outsider_search
from .codes import iso3166alpha2
from .fault import Fault, digits_fault

#: Shortest GS1 Company Prefix that is issued.
_PREFIX_MINIMUM = 4
_IBAN_LENGTHS = range(11, 35)
_WEIGHTS_82 = {character: weight for weight, character in enumerate(CSET_82)}
_outside_82 = outsider_search(CSET_82)
_outside_32 = outsider_search(CSET_32)
#: Weights of the characters before the check pair, from right to left.
_PRIMES = tuple(
    number
    for number in range(2, 510)
    if all(number % divisor for divisor in range(2, int(number**0.5) + 1))
)


def csum(value: str) -> Fault | None:
    """Check the mod-10 check digit at the end.

    Source: GS1 General Specifications §7.9.1.

    >>> csum("09520001100017"), csum("09520001100018").position
    (None, 13)
    """
    fault = digits_fault(value)
    if fault or len(value) < 2:
        return fault or Fault("too_short_for_check_digit", 0, "digits and check digit")
    # Sums over bytes, as this runs for every symbol; b"0" is 48.
    odd, even = value[-1::-2].encode(), value[-2::-2].encode()
    if (sum(odd) - 48 * len(odd) + 3 * (sum(even) - 48 * len(even))) % 10 == 0:
        return None
    return Fault("incorrect_check_digit", len(value) - 1, "the right check digit")


def check_character_pair(body: str) -> str:
    """Return the check character pair for ``body``, an alphanumeric key without it.

    :param body: at most 97 characters of set 82.
    :raises ValueError: where ``body`` is longer, or a character is outside the set.

    Source: GS1 General Specifications §7.9.5.

    >>> check_character_pair("1987654Ad4X4bL5ttr2310c")
    '2K'
    """
    if len(body) > len(_PRIMES) or _outside_82(body):
        raise ValueError(f"{body!r} cannot have a check character pair.")
    weighted = zip(reversed(body), _PRIMES, strict=False)
    total = sum(_WEIGHTS_82[character] * prime for character, prime in weighted) % 1021
    return CSET_32[total >> 5] + CSET_32[total & 31]


def csumalpha(value: str) -> Fault | None:
    """Check the alphanumeric check character pair at the end.

    >>> csumalpha("1987654Ad4X4bL5ttr2310c2K"), csumalpha("A").code
    (None, 'too_short_for_check_pair')
    """
    if len(value) < 2:
        return Fault("too_short_for_check_pair", 0, "two check characters at the end")
    body, pair = value[:-2], value[-2:]
    if len(body) > len(_PRIMES):
        return Fault("too_long_for_check_pair", 0, "at most 99 characters")
    outsider = _outside_82(body)
    if outsider:
        return Fault("outside_charset", outsider.start(), "characters of GS1 set 82")
    outsider = _outside_32(pair)
    if outsider:
        start = len(body) + outsider.start()
        return Fault("outside_charset", start, "check characters of GS1 set 32")
    if pair != check_character_pair(body):
        return Fault("incorrect_check_pair", len(body), "the right check characters")
    return None


def gcppos1(value: str) -> Fault | None:
    """Check that a GS1 Company Prefix can start at the first character.

    >>> gcppos1("123").code, gcppos1("12A4").position, gcppos1("1234X")
    ('too_short_for_company_prefix', 2, None)
    """
    if len(value) < _PREFIX_MINIMUM:
        return Fault(
            "too_short_for_company_prefix",
            0,
            f"a company prefix, {_PREFIX_MINIMUM} digits or more, at the start",
        )
    fault = digits_fault(value[:_PREFIX_MINIMUM])
    return fault and fault._replace(
        code="invalid_company_prefix", expected="a company prefix, digits, at the start"
    )


def gcppos2(value: str) -> Fault | None:
    """Check that a GS1 Company Prefix can start at the second character.

    >>> gcppos2("I123").code, gcppos2("I1234")
    ('too_short_for_company_prefix', None)
    """
    fault = gcppos1(value[1:])
    return fault and fault._replace(position=min(fault.position + 1, len(value)))


def iban(value: str) -> Fault | None:
    """Check an International Bank Account Number.

    Source: ISO 13616-1; the remainder by 97 of its digits must be 1.

    >>> iban("BE71096123456769"), iban("BE71096123456760").code, iban("XX7109").code
    (None, 'incorrect_iban_checksum', 'illegal_iban_country_code')
    """
    if len(value) >= 4 and iso3166alpha2(value[:2]):
        return Fault("illegal_iban_country_code", 0, "an ISO 3166 country code")
    if len(value) not in _IBAN_LENGTHS:
        expected = f"{_IBAN_LENGTHS[0]} to {_IBAN_LENGTHS[-1]} characters"
        return Fault("iban_wrong_length", 0, expected)
    for position, character in enumerate(value):
        if not ("0" <= character <= "9" or "A" <= character <= "Z"):
            return Fault("invalid_iban_character", position, "digits and capitals")
    if int("".join(str(int(c, 36)) for c in value[4:] + value[:4])) % 97 != 1:
        return Fault("incorrect_iban_checksum", 2, "the right check digits")
    return None
