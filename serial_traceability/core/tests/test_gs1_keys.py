import pytest
from hypothesis import given
from hypothesis import strategies as st

from serial_traceability.core.errors import Gs1Error
from serial_traceability.core.gs1.keys import Giai, Gln, Grai, Gtin, Sscc

_prefixes = st.from_regex(r"[0-9]{4,12}", fullmatch=True)


def refusal(function, *args, **kwargs):
    with pytest.raises(Gs1Error) as caught:
        function(*args, **kwargs)
    return caught.value


@pytest.mark.parametrize(
    ("text", "gtin14", "length"),
    [
        ("95010939", "00000095010939", 8),
        ("614141123452", "00614141123452", 12),
        ("4006381333931", "04006381333931", 13),
        ("80614141123458", "80614141123458", 14),
    ],
)
def test_a_gtin_of_any_length_has_one_form_of_14_digits(text, gtin14, length):
    gtin = Gtin.parse(text)
    assert (gtin.gtin14, gtin.length) == (gtin14, length)
    assert gtin == Gtin.parse(gtin14)


def test_a_gtin_8_has_its_prefix_behind_five_zeros():
    gtin = Gtin.parse("95010939")
    assert gtin.split(prefix_length=8) == ("00000950", "1093")
    assert gtin == Gtin.build("00000950", 1093)


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "empty", None),
        ("123", "length", None),
        ("123456789012345", "length", None),
        ("4006381333930", "check_digit", 12),
        ("40063813339\uff131", "not_digits", 11),
        ("400638 333931", "not_digits", 6),
        ("-006381333931", "not_digits", 0),
    ],
)
def test_what_is_no_gtin_is_refused(text, code, position):
    error = refusal(Gtin.parse, text)
    assert (error.code, error.position, error.value) == (code, position, text)


def test_a_wrong_check_digit_is_told_with_the_right_one():
    error = refusal(Gtin.parse, "4006381333930")
    assert error.expected == "1"
    assert error.message == (
        "GTIN 4006381333930 has the check digit 0, its digits ask for 1."
    )


def test_a_gtin_cannot_claim_a_length_its_digits_do_not_have():
    assert refusal(Gtin, "80614141123458", 13).code == "length"
    assert refusal(Gtin, "00614141123452", 11).code == "length"


@pytest.mark.parametrize(
    "key",
    [
        Gtin.parse("80614141123458"),
        Sscc.parse("106141412345678908"),
        Gln.parse("0614141007776"),
        Grai.parse("006141411234525678"),
        Giai.parse("06141415678"),
    ],
)
def test_a_company_prefix_is_never_guessed(key):
    error = refusal(key.split)
    assert error.code == "prefix_missing"
    assert error.expected == "company_prefix or prefix_length"


def test_a_given_company_prefix_comes_before_a_length():
    key = Gln.parse("0614141007776")
    assert key.split(company_prefix="06141410", prefix_length=7)[0] == "06141410"


def test_a_prefix_that_is_not_the_keys_own_is_refused():
    gln = Gln.parse("0614141007776")
    assert refusal(gln.split, company_prefix="4012345").code == "prefix_mismatch"
    assert refusal(gln.split, company_prefix="06x").code == "prefix"
    assert refusal(gln.split, prefix_length=3).code == "prefix_length"
    assert refusal(gln.split, prefix_length=13).code == "prefix_length"


def test_keys_are_built_with_their_check_digit():
    assert Gtin.build("0614141", 12345).gtin14 == "00614141123452"
    assert Gtin.build("0614141", "12345", indicator="8").indicator == "8"
    assert Sscc.build("0614141", 234567890, extension="1").extension == "1"
    assert Gln.build("061414100777").gln == "0614141007776"
    assert Grai.build("0614141", 12345, serial="5678").element_value == (
        "006141411234525678"
    )
    assert Giai.build("0614141", "5678").giai == "06141415678"


def test_parts_that_do_not_fit_are_refused():
    assert refusal(Gtin.build, "0614141", 123456).code == "reference"
    assert refusal(Gtin.build, "0614141", -1).code == "reference"
    assert refusal(Gtin.build, "0614141", 1, indicator="10").code == "not_digits"
    assert refusal(Gtin.build, "061", 1).code == "prefix"
    assert refusal(Sscc.build, "0614141", 10**9).code == "reference"
    assert refusal(Sscc.build, "0614141", 1, extension="x").code == "not_digits"
    assert refusal(Gln.build, "061414112345", 1).code == "reference"
    assert refusal(Giai.build, "0614141", "").code == "empty"
    assert refusal(Giai.build, "0614141", "x" * 24).code == "length"
    assert refusal(Grai.build, "0614141", 1, serial="x" * 17).code == "length"


def test_a_grai_needs_its_leading_zero():
    error = refusal(Grai.parse, "106141411234525678")
    assert (error.code, error.position) == ("grai_zero", 0)


def test_a_serial_outside_character_set_82_is_refused_with_its_place():
    error = refusal(Grai.parse, "00614141123452ab~c")
    assert (error.code, error.position) == ("character", 2)


def test_a_giai_starts_with_digits():
    assert refusal(Giai.parse, "ABC1").code == "not_digits"


@given(_prefixes, st.data())
def test_what_is_built_splits_into_its_parts(prefix, data):
    width = 12 - len(prefix)
    reference = data.draw(st.from_regex(f"[0-9]{{{width}}}", fullmatch=True))
    gtin = Gtin.build(prefix, reference, indicator="3")
    assert Gtin.parse(gtin.gtin14).split(company_prefix=prefix) == (prefix, reference)
    gln = Gln.build(prefix, reference)
    assert Gln.parse(gln.gln).split(prefix_length=len(prefix)) == (prefix, reference)
