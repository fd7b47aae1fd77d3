"""Giving out GTINs and SSCCs of a prefix."""

from itertools import islice

import pytest

from ..errors import Gs1Error
from ..gs1.allocation import (
    barcode_text,
    build_gtin,
    capacity,
    check_company_prefix,
    foreign_ranges,
    free_references,
    item_reference,
    longest_prefix,
    sscc_numbers,
)
from ..gs1.check_digit import has_valid_check_digit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "123",
        "1234567890123",
        "95200A1",
        "952 0001",
        "-9520001",
        "\N{SUPERSCRIPT TWO}123",
    ],
)
def test_what_is_no_prefix_is_refused(text):
    with pytest.raises(Gs1Error) as raised:
        check_company_prefix(text)
    assert raised.value.code == "prefix"


@pytest.mark.parametrize("length", range(4, 13))
def test_every_length_of_a_prefix_has_its_item_references(length):
    prefix = "952000123456"[:length]
    assert capacity(prefix) == 10 ** (12 - length)
    last = capacity(prefix) - 1
    gtin = build_gtin(prefix, last)
    assert has_valid_check_digit(gtin)
    assert item_reference(gtin, prefix) == last
    assert longest_prefix(gtin, [prefix]) == prefix
    with pytest.raises(Gs1Error):
        build_gtin(prefix, capacity(prefix))


def test_no_prefix_is_guessed():
    assert longest_prefix("09520001100017", ["4012345"]) is None
    assert longest_prefix("09520001100017", []) is None


def test_the_longest_of_several_prefixes_holds():
    known = {"9520", "95200011", "9520001"}
    assert longest_prefix("19520001100014", known) == "95200011"
    assert longest_prefix("09520002100014", known) == "9520"


def test_references_of_longer_prefixes_are_left_out():
    prefixes = ["95200012345", "952000123457", "952000123459", "95200012346"]
    foreign = foreign_ranges("95200012345", prefixes)
    assert foreign == [range(7, 8), range(9, 10)]
    assert capacity("95200012345", foreign) == 8
    free = free_references("95200012345", (), start=6, foreign=foreign)
    assert list(free) == [6, 8, 0, 1, 2, 3, 4, 5]


def test_parts_within_parts_are_left_out_once():
    foreign = foreign_ranges("952000", ["9520001", "95200011", "95200012"])
    assert capacity("952000", foreign) == 900_000


def test_free_references_see_what_is_taken_on_the_way():
    taken = {0}
    free = free_references("95200012345", taken)
    first = next(free)
    taken.add(2)
    assert (first, next(free)) == (1, 3)


def test_a_full_prefix_has_no_free_reference():
    assert not list(free_references("952000123456", {0}))


def test_a_gtin_12_is_written_with_twelve_digits():
    assert barcode_text(build_gtin("0614141", 12345)) == "614141123452"


def test_ssccs_roll_over_to_the_next_extension_digit():
    numbers = list(islice(sscc_numbers("952000123456", 0, 9998), 3))
    assert [sscc[0] for _extension, _reference, sscc in numbers] == ["0", "0", "1"]
    assert all(has_valid_check_digit(sscc) for *_place, sscc in numbers)
    assert numbers[-1][:2] == (1, 1)


def test_the_last_extension_digit_is_the_end():
    assert len(list(sscc_numbers("952000123456", 9, 9990))) == 10
    assert not list(sscc_numbers("952000123456", 10, 0))
