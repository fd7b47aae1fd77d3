"""The URI under which the ledger knows a unit, a package, a place or a document.

A unit's URI is its canonical GS1 Digital Link where it has a GTIN, because that
needs no company prefix length; everything else that GS1 has no key for gets a
private URN made from the database's uuid, so that it is the same each time and no
two databases share one.
"""

import re
import uuid
from functools import lru_cache
from urllib.parse import quote

from .gs1.check_digit import has_valid_check_digit, is_digits

CANONICAL_DOMAIN = "https://id.gs1.org"
#: GS1 application identifier of a unit's own number and of its batch.
SERIAL_AI, BATCH_AI = "21", "10"
#: GS1 application identifier of a logistic unit, and how long its SSCC is.
SSCC_AI, _SSCC_LENGTH = "00", 18
_GTIN_LENGTHS = (8, 12, 13, 14)

# GS1 General Specifications figure 7.11-1, character set 82, and AI 10's and 21's
# length.
_SERIAL_FORM = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}")


@lru_cache(maxsize=4096)
def gtin_14(barcode: str | None) -> str | None:
    """Return ``barcode`` as a GTIN of 14 digits, None where it is not a GTIN.

    :param barcode: a product's barcode: GTIN-8, -12, -13 or -14, or anything else.

    >>> gtin_14("9520001100017"), gtin_14("9520001100018"), gtin_14("PHONE-1")
    ('09520001100017', None, None)
    """
    text = (barcode or "").strip()
    if len(text) in _GTIN_LENGTHS and has_valid_check_digit(text):
        return text.zfill(14)
    return None


def may_be_gtin(text: str) -> bool:
    """Return whether ``text`` has the form of a GTIN, but a wrong check digit.

    >>> [may_be_gtin(text) for text in ("9520001100018", "9520001100017", "47115")]
    [True, False, False]
    """
    right_form = len(text) in _GTIN_LENGTHS and is_digits(text)
    return right_form and not has_valid_check_digit(text)


def is_mistyped_gtin(text: str, gtin: str) -> bool:
    """Return whether ``text`` is a GTIN in which one digit is another or two
    neighbours are exchanged, which are the slips that people make most.

    :param text: what was read, in any of a GTIN's four lengths.
    :param gtin: 14 digits, checked.

    >>> gtin = "09520001100017"
    >>> [is_mistyped_gtin(text, gtin) for text in ("9520001100018", "9520010100017")]
    [True, True]
    >>> [is_mistyped_gtin(text, gtin) for text in ("9520001100071", "9520001100089")]
    [True, False]
    """
    if not may_be_gtin(text):
        return False
    read = text.zfill(14)
    wrong = [at for at in range(14) if read[at] != gtin[at]]
    if len(wrong) != 2:
        return len(wrong) == 1
    first, second = wrong
    exchanged = read[first] == gtin[second] and read[second] == gtin[first]
    return exchanged and second == first + 1


def is_gs1_serial(name: str) -> bool:
    """Return whether ``name`` may stand in AI 21 or AI 10.

    >>> is_gs1_serial("32a/b"), is_gs1_serial("SN 1"), is_gs1_serial("")
    (True, False, False)
    """
    return _SERIAL_FORM.fullmatch(name) is not None


def digital_link(
    gtin: str, name: str, ai: str = SERIAL_AI, domain: str = CANONICAL_DOMAIN
) -> str:
    """Return the GS1 Digital Link URI of a unit or, with ``ai`` 10, of a batch.

    :param gtin: 14 digits, checked.
    :param name: the serial or batch number, checked by :func:`is_gs1_serial`.

    Source: GS1 Digital Link Standard: URI Syntax 1.6, §4.

    >>> digital_link("09520001100017", "32a/b")
    'https://id.gs1.org/01/09520001100017/21/32a%2Fb'
    """
    return f"{domain}/01/{gtin}/{ai}/{quote(name, safe='')}"


@lru_cache(maxsize=65536)
def private_urn(database_uuid: str, kind: str, key: str | int) -> str:
    """Return the URN that stands for one thing of one database.

    :param database_uuid: the database's own uuid, as text.
    :param kind: what sort of thing, as ``stock.lot``.
    :param key: its id there.
    :return: ``urn:uuid:`` with a version 5 uuid (RFC 9562 §5.5).
    """
    return uuid.uuid5(uuid.UUID(database_uuid), f"{kind},{key}").urn


def unit_uri(
    database_uuid: str, lot_id: int, name: str, gtin: str | None, *, is_serial: bool
) -> str:
    """Return the URI of a serial, or of a lot as a class of goods.

    :param gtin: 14 digits or None.
    :param is_serial: whether ``name`` numbers one unit (AI 21) or a batch (AI 10).
    """
    if gtin and is_gs1_serial(name):
        return digital_link(gtin, name, SERIAL_AI if is_serial else BATCH_AI)
    return private_urn(database_uuid, "stock.lot", lot_id)


def package_sscc(name: str | None) -> str | None:
    """Return the SSCC that a package's name is, None where it is none.

    :param name: 18 digits, also behind the application identifier 00.

    >>> package_sscc("395200010000000011"), package_sscc("00395200010000000011")
    ('395200010000000011', '395200010000000011')
    >>> package_sscc("PACK0001"), package_sscc("01395200010000000011")
    (None, None)
    """
    text = (name or "").strip()
    if len(text) == _SSCC_LENGTH + 2:
        text = text[2:] if text.startswith(SSCC_AI) else ""
    is_sscc = len(text) == _SSCC_LENGTH and has_valid_check_digit(text)
    return text if is_sscc else None


def package_uri(database_uuid: str, package_id: int, name: str) -> str:
    """Return the URI of a package: by its SSCC where its name is one.

    >>> package_uri("6f1c2f2e-0000-4000-8000-000000000000", 1, "395200010000000011")
    'https://id.gs1.org/00/395200010000000011'
    """
    if len(name) == 18 and has_valid_check_digit(name):
        return f"{CANONICAL_DOMAIN}/00/{name}"
    return private_urn(database_uuid, "stock.package", package_id)
