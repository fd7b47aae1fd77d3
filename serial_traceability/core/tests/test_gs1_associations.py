"""Which application identifiers need, exclude and repeat one another."""

import pytest

from serial_traceability.core.errors import Gs1Error
from serial_traceability.core.gs1 import check_associations, parse_bracketed

GTIN = "09520001100017"
SSCC = "395200010000000011"
KEY_13 = "9520001100017"


def read(text):
    return parse_bracketed(text, strict=False, required=False).elements


def refused(text, **options):
    with pytest.raises(Gs1Error) as caught:
        check_associations(read(text), **options)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        f"(01){GTIN}(21)A1",
        f"(02){GTIN}(37)5(00){SSCC}",
        f"(01){GTIN}(21)A1(250)X",
        f"(01){GTIN}(3922)0299(3103)000195",
        f"(01){GTIN}(3922)0299(30)5",
        f"(01){GTIN}(21)A1(8040)490154203237518(8041)490154203237526",
        f"(8030)SIG(00){SSCC}",
        f"(8030)SIG(01){GTIN}(21)A1",
        f"(8030)SIG(253){KEY_13}X",
        f"(8030)SIG(8003)0{KEY_13}X",
        "(400)A(400)A(99)B(400)A",
        "(89)A(89)A",
    ],
)
def test_elements_that_go_together(text):
    check_associations(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "(21)A1",
        f"(02){GTIN}",
        f"(02){GTIN}(37)5",
        f"(01){GTIN}(250)X",
        f"(01){GTIN}(3922)0299",
        f"(01){GTIN}(21)A1(8041)490154203237526",
        "(8030)SIG",
        f"(8030)SIG(01){GTIN}",
        f"(8006){GTIN}0102(8030)SIG",
        "(4303)X",
    ],
)
def test_an_element_whose_company_is_missing_is_refused(text):
    error = refused(text)
    assert error.code == "required_ai"
    assert "(" in error.expected
    check_associations(read(text), required=False)


@pytest.mark.parametrize(
    "text",
    [
        f"(01){GTIN}(02){GTIN}",
        f"(02){GTIN}(01){GTIN}",
        f"(01){GTIN}(37)5",
        f"(01){GTIN}(255){KEY_13}",
        f"(01){GTIN}(03){GTIN}",
        "(21)A1(235)T",
        "(3940)1234(8111)5678",
        "(3940)1234(3941)1234",
        "(3103)000195(3102)000195",
        "(4330)001250(4331)001250",
    ],
)
def test_elements_that_exclude_one_another_are_refused(text):
    assert refused(text, required=False).code == "excluded_ai"


def test_an_element_does_not_exclude_itself():
    check_associations(read("(3103)000195(3103)000195"), required=False)


def test_an_ai_with_two_values_is_refused_at_the_second():
    error = refused("(400)ABC(99)X(400)ABD", required=False)
    assert (error.code, error.value, error.position) == ("repeated_ai", "ABD", 18)


def test_an_unknown_ai_with_two_values_is_refused():
    assert refused("(89)A(89)B").code == "repeated_ai"


@pytest.mark.parametrize(
    "key", [f"(253){KEY_13}", f"(255){KEY_13}", f"(8003)0{KEY_13}"]
)
def test_a_signature_needs_the_serial_of_its_key(key):
    assert refused(f"{key}(8030)SIG").code == "serial_missing"
    check_associations(read(key))


def test_the_place_of_a_conflict_is_that_of_its_element():
    assert refused(f"(01){GTIN}(4303)X").position == 24
