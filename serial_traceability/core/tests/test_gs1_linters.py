"""Each linter: what it lets pass, what it refuses, and where."""

import pytest

from serial_traceability.core.gs1 import LINTERS, check_character_pair
from serial_traceability.core.gs1.linters.code_lists import (
    COUNTRIES_ALPHA_2,
    COUNTRIES_NUMERIC,
)

PASSED = {
    "csum": ["09520001100017", "395200010000000011", "2112345678900"],
    "csumalpha": ["1987654Ad4X4bL5ttr2310c2K", "22", "!22"],
    "gcppos1": ["9520", "95200X", "0000"],
    "gcppos2": ["I9520", "09520001100017"],
    "iban": ["NL91ABNA0417164300", "MT84MALT011000012345MTLCAST001S"],
    "hyphen": ["-", "--", ""],
    "importeridx": ["0", "Z", "z", "-", "_"],
    "iso3166": ["528", "004", "894", "158"],
    "iso3166999": ["528", "999"],
    "iso3166alpha2": ["NL", "GB", "TW"],
    "iso4217": ["978", "840", "924", "925", "926", "999"],
    "iso5218": ["0", "1", "2", "9"],
    "mediatype": ["01", "10", "80", "99"],
    "packagetype": ["PX", "8", "201", "X3"],
    "winding": ["0", "1", "9"],
    "yesno": ["0", "1"],
    "couponcode": [
        "012345612345611110123",
        # with every optional field
        "0123456" + "123456" + "215" + "31231012" + "10120123" + "9" + "2120123"
        "0123456" + "3261231" + "4260101" + "50123456" + "611234567" + "91200",
    ],
    "couponposoffer": [
        "001234561234560123456",
        "16" + "1" * 12 + "1" * 6 + "0" + "1" * 6,
    ],
    "hh": ["00", "23"],
    "mi": ["00", "59"],
    "ss": ["00", "59"],
    "hhmi": ["0000", "2359"],
    "yymmdd": ["260101", "240229", "000229", "261231"],
    "yymmd0": ["260100", "240229", "261130"],
    "yyyymmdd": ["20260101", "20240229", "20000229"],
    "hasnondigit": ["A", "123A", "A123"],
    "latitude": ["0000000000", "1800000000"],
    "longitude": ["0000000000", "3600000000"],
    "nonzero": ["1", "0001", "10"],
    "nozeroprefix": ["1", "10"],
    "pcenc": ["", "ABC", "%20", "A%2fB%2F"],
    "pieceoftotal": ["0101", "0102", "9999", "11"],
    "posinseqslash": ["1/1", "9/10", "10/10"],
    "zero": ["0", "000"],
}
REFUSED = [
    ("csum", "09520001100018", "incorrect_check_digit", 13),
    ("csum", "0952000110001A", "not_digits", 13),
    ("csum", "1", "too_short_for_check_digit", 0),
    ("csum", "¹²", "not_digits", 0),
    ("csumalpha", "A", "too_short_for_check_pair", 0),
    ("csumalpha", "1987654Ad4X4bL5ttr2310cXK", "incorrect_check_pair", 23),
    ("csumalpha", "A B22", "outside_charset", 1),
    ("csumalpha", "AB12", "outside_charset", 2),
    ("csumalpha", "1" * 100, "too_long_for_check_pair", 0),
    ("gcppos1", "952", "too_short_for_company_prefix", 0),
    ("gcppos1", "95A0", "invalid_company_prefix", 2),
    ("gcppos2", "", "too_short_for_company_prefix", 0),
    ("gcppos2", "I952", "too_short_for_company_prefix", 1),
    ("gcppos2", "I95A0", "invalid_company_prefix", 3),
    ("iban", "NL91ABNA0417164301", "incorrect_iban_checksum", 2),
    ("iban", "ZZ91ABNA0417164300", "illegal_iban_country_code", 0),
    ("iban", "NL9", "iban_wrong_length", 0),
    ("iban", "NL91ABNA04", "iban_wrong_length", 0),
    ("iban", "NL91" + "A" * 31, "iban_wrong_length", 0),
    ("iban", "NL91abna0417164300", "invalid_iban_character", 4),
    ("iban", "NL91ABNA041716430\u0663", "invalid_iban_character", 17),
    ("hyphen", "-x", "not_hyphen", 1),
    ("importeridx", "", "importer_index_not_one_character", 0),
    ("importeridx", "AB", "importer_index_not_one_character", 0),
    ("importeridx", "=", "invalid_importer_index", 0),
    ("iso3166", "999", "not_iso3166", 0),
    ("iso3166", "52", "not_iso3166", 0),
    ("iso3166999", "000", "not_iso3166_or_999", 0),
    ("iso3166alpha2", "AA", "not_iso3166_alpha2", 0),
    ("iso3166alpha2", "nl", "not_iso3166_alpha2", 0),
    ("iso4217", "000", "not_iso4217", 0),
    ("iso4217", "191", "not_iso4217", 0),
    ("iso5218", "3", "invalid_biological_sex", 0),
    ("mediatype", "00", "invalid_media_type", 0),
    ("mediatype", "11", "invalid_media_type", 0),
    ("packagetype", "0000", "invalid_package_type", 0),
    ("winding", "2", "invalid_winding_direction", 0),
    ("yesno", "2", "not_zero_or_one", 0),
    ("hh", "24", "illegal_hour", 0),
    ("hh", "1", "wrong_length", 1),
    ("hh", "1x", "not_digits", 1),
    ("mi", "60", "illegal_minute", 0),
    ("ss", "60", "illegal_second", 0),
    ("hhmi", "2400", "illegal_hour", 0),
    ("hhmi", "2360", "illegal_minute", 2),
    ("hhmi", "236", "wrong_length", 3),
    ("yymmdd", "261301", "illegal_month", 2),
    ("yymmdd", "260001", "illegal_month", 2),
    ("yymmdd", "260100", "illegal_day", 4),
    ("yymmdd", "260132", "illegal_day", 4),
    ("yymmdd", "260431", "illegal_day", 4),
    ("yymmdd", "260229", "illegal_day", 4),
    ("yymmdd", "26010", "wrong_length", 5),
    ("yymmdd", "2601011", "wrong_length", 6),
    ("yymmdd", "26x101", "not_digits", 2),
    ("yymmd0", "261300", "illegal_month", 2),
    ("yymmd0", "240230", "illegal_day", 4),
    ("yyyymmdd", "21000229", "illegal_day", 6),
    ("yyyymmdd", "20261301", "illegal_month", 4),
    ("yyyymmdd", "260101", "wrong_length", 6),
    ("hasnondigit", "123", "requires_non_digit", 0),
    ("hasnondigit", "", "requires_non_digit", 0),
    ("latitude", "1800000001", "invalid_latitude", 0),
    ("latitude", "180000000", "wrong_length", 9),
    ("longitude", "3600000001", "invalid_longitude", 0),
    ("nonzero", "000", "illegal_zero_value", 0),
    ("nonzero", "0x", "not_digits", 1),
    ("nozeroprefix", "0", "illegal_zero_prefix", 0),
    ("nozeroprefix", "01", "illegal_zero_prefix", 0),
    ("nozeroprefix", "1x", "not_digits", 1),
    ("pcenc", "A%2", "invalid_percent_sequence", 1),
    ("pcenc", "A%", "invalid_percent_sequence", 1),
    ("pcenc", "%20%gg", "invalid_percent_sequence", 3),
    ("pieceoftotal", "", "wrong_length", 0),
    ("pieceoftotal", "012", "wrong_length", 3),
    ("pieceoftotal", "01x2", "not_digits", 2),
    ("pieceoftotal", "0001", "zero_piece_number", 0),
    ("pieceoftotal", "0100", "zero_total_pieces", 2),
    ("pieceoftotal", "0302", "piece_exceeds_total", 0),
    ("posinseqslash", "12", "position_in_sequence_malformed", 0),
    ("posinseqslash", "1/", "position_in_sequence_malformed", 0),
    ("posinseqslash", "1/2/3", "position_in_sequence_malformed", 0),
    ("posinseqslash", "\u0663/4", "position_in_sequence_malformed", 0),
    ("posinseqslash", "0/3", "illegal_zero_prefix", 0),
    ("posinseqslash", "1/03", "illegal_zero_prefix", 2),
    ("posinseqslash", "10/9", "position_exceeds_end", 0),
    ("zero", "010", "not_zero", 1),
]
COUPON = "0123456123456" + "111" + "10123"
COUPONS_REFUSED = [
    ("", "missing_gcp_vli", 0),
    ("7" + "1" * 20, "invalid_gcp_length", 0),
    ("0123", "truncated_gcp", 4),
    ("0123456123", "truncated_offer_code", 10),
    ("0123456123456", "missing_save_value_vli", 13),
    ("01234561234566", "invalid_save_value_length", 13),
    ("01234561234562" + "1", "truncated_save_value", 15),
    ("0123456123456" + "11" + "0", "invalid_1st_purchase_requirement_length", 15),
    ("0123456123456" + "11" + "21", "truncated_1st_purchase_requirement", 17),
    ("0123456123456" + "11" + "11", "missing_1st_purchase_requirement_code", 17),
    ("0123456123456" + "11" + "115", "invalid_1st_purchase_requirement_code", 17),
    ("0123456123456" + "11" + "11012", "truncated_1st_purchase_family_code", 20),
    (COUPON + "14", "invalid_additional_purchase_rules_code", 22),
    (COUPON + "10" + "110123" + "7", "invalid_2nd_purchase_gcp_length", 29),
    (COUPON + "10" + "110123" + "01", "truncated_2nd_purchase_gcp", 31),
    (COUPON + "2" + "110123", "missing_3rd_purchase_gcp_vli", 28),
    (COUPON + "3" + "26123", "too_short_for_expiration_date", 27),
    (COUPON + "3" + "261301", "invalid_expiration_date", 22),
    (COUPON + "4" + "260001", "invalid_start_date", 22),
    (COUPON + "3" + "260101" + "4" + "260102", "expiration_before_start", 29),
    (COUPON + "5" + "012345", "truncated_serial_number", 28),
    (COUPON + "6" + "0", "invalid_retailer_gcp_or_gln_length", 22),
    (COUPON + "93", "invalid_save_value_code", 22),
    (COUPON + "903", "invalid_save_value_applies_to_item", 23),
    (COUPON + "900", "missing_store_coupon_flag", 24),
    (COUPON + "9000", "missing_dont_multiply_flag", 25),
    (COUPON + "90002", "invalid_dont_multiply_flag", 25),
    (COUPON + "7", "excess_data", 21),
]
OFFERS_REFUSED = [
    ("", "missing_format_code", 0),
    ("2", "invalid_format_code", 0),
    ("0", "missing_funder_vli", 1),
    ("07", "invalid_funder_length", 1),
    ("01123456", "truncated_funder", 8),
    ("0012345612345", "truncated_offer_code", 13),
    ("00123456123456", "missing_serial_number_vli", 14),
    ("00123456123456012345", "truncated_serial_number", 20),
    ("0012345612345601234567", "excess_data", 21),
]


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name in PASSED for value in PASSED[name]]
)
def test_linter_lets_pass(name, value):
    assert LINTERS[name](value) is None


@pytest.mark.parametrize(("name", "value", "code", "position"), REFUSED)
def test_linter_refuses(name, value, code, position):
    fault = LINTERS[name](value)
    assert (fault.code, fault.position) == (code, position)
    assert fault.expected


@pytest.mark.parametrize(("value", "code", "position"), COUPONS_REFUSED)
def test_coupon_is_refused(value, code, position):
    fault = LINTERS["couponcode"](value)
    assert (fault.code, fault.position) == (f"coupon_{code}", position)


@pytest.mark.parametrize(("value", "code", "position"), OFFERS_REFUSED)
def test_coupon_of_a_positive_offer_file_is_refused(value, code, position):
    fault = LINTERS["couponposoffer"](value)
    assert (fault.code, fault.position) == (f"coupon_{code}", position)


@pytest.mark.parametrize("name", ["couponcode", "couponposoffer"])
def test_coupon_has_digits_only(name):
    assert LINTERS[name]("01234a").code == "not_digits"


def test_every_linter_is_tested():
    refused = {name for name, *_ in REFUSED} | {"couponcode", "couponposoffer"}
    assert PASSED.keys() == refused == LINTERS.keys()


@pytest.mark.parametrize("name", LINTERS)
@pytest.mark.parametrize(
    "rubbish",
    ["", "\0", "😀", "\u0663\u0663\u0663\u0663\u0663\u0663", "x" * 5000, "0" * 5000],
)
def test_no_text_makes_a_linter_fail(name, rubbish):
    LINTERS[name](rubbish)


def test_there_are_249_countries():
    assert len(COUNTRIES_NUMERIC) == len(COUNTRIES_ALPHA_2) == 249


def test_a_check_character_pair_needs_characters_of_set_82():
    with pytest.raises(ValueError, match="cannot have a check character pair"):
        check_character_pair("a b")
