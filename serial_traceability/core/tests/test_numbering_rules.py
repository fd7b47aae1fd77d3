"""Schemes: what they refuse, how many numbers they have, what they make."""

import itertools
import random
from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serial_traceability.core import numbering
from serial_traceability.core.epc import sgtin
from serial_traceability.core.gs1.charsets import CSET_82
from serial_traceability.core.numbering import (
    SGTIN_96_MAX,
    NumberingError,
    Parts,
    Scheme,
    capacity,
    check,
    check_character,
    count_up,
    draw,
    is_mistyped,
    render,
    space,
    values_from,
    without_lookalikes,
)

TODAY = Parts(date(2026, 11, 22), "B17")
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    ("scheme", "code"),
    [
        (Scheme(alphabet="0123~"), "bad_character"),
        (Scheme(alphabet="01 "), "bad_character"),
        (Scheme(form="plain", alphabet="01 "), "bad_character"),
        (Scheme(alphabet="01٣"), "bad_character"),
        (Scheme(alphabet="0110"), "double_character"),
        (Scheme(alphabet="0"), "short_alphabet"),
        (Scheme(alphabet=""), "short_alphabet"),
        (Scheme(length=0), "length"),
        (Scheme(length=-1), "length"),
        (Scheme(length=21), "length"),
        (Scheme(length=20, prefix="A"), "too_long"),
        (Scheme(length=20, check_character=True), "too_long"),
        (Scheme(prefix="a b"), "bad_character"),
        (Scheme(prefix="%(hour)s"), "unknown_part"),
        (Scheme(suffix="100%"), "unknown_part"),
        (Scheme(one_in=1), "limit"),
        (Scheme(alphabet="012", check_character=True), "odd_alphabet"),
        (Scheme("sequential", start=-1), "start"),
        (Scheme("sequential", step=0), "start"),
        (Scheme(form="sgtin96", alphabet="01A", length=5), "bad_character"),
        (Scheme(form="sgtin96", length=13), "length"),
        (Scheme(form="sgtin96", length=12, prefix="9"), "too_long"),
        (Scheme(form="sgtin96", length=11, prefix="9"), "no_space"),
        (Scheme(form="sgtin96", length=5, prefix="0"), "no_space"),
        (Scheme("sequential", form="sgtin96", length=11, prefix="3"), "no_space"),
        (
            Scheme("sequential", form="sgtin96", alphabet="56789", length=12),
            "counting_alphabet",
        ),
        (
            Scheme("sequential", form="sgtin96", alphabet="10", length=4),
            "counting_alphabet",
        ),
        (Scheme("sequential", length=2, start=100), "no_space"),
        # Weeks, months and days begin with a zero at times.
        (Scheme(form="sgtin96", length=6, prefix="%(woy)s"), "no_space"),
        (Scheme("sequential", form="sgtin96", length=6, prefix="%(doy)s"), "no_space"),
    ],
)
def test_a_scheme_that_cannot_number_is_refused(scheme, code):
    with pytest.raises(NumberingError) as refusal:
        check(scheme)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "scheme",
    [
        Scheme(alphabet=CSET_82, length=20),
        Scheme(form="plain", alphabet="äöü", length=64),
        Scheme(form="sgtin96", length=12),
        Scheme(form="sgtin96", length=11, prefix="1"),
        Scheme(form="sgtin96", length=7, prefix="%(y)s%(doy)s"),
        Scheme("sequential", form="sgtin96", length=12, padded=False, start=0),
        Scheme(prefix="%(y)s%(doy)s", suffix="-%(batch)s", length=8),
    ],
)
def test_a_scheme_that_can_number_is_accepted(scheme):
    check(scheme)


def test_capacity_stays_below_the_limit():
    scheme = Scheme(length=9, one_in=10_000)
    most = capacity(scheme)
    assert most / space(scheme) < 1 / 10_000 <= (most + 1) / space(scheme)


def test_sgtin_96_has_room_for_what_fits_38_bits_without_leading_zero():
    assert space(Scheme(form="sgtin96", length=12)) == SGTIN_96_MAX - 10**11 + 1
    assert space(Scheme(form="sgtin96", length=11)) == 9 * 10**10
    assert space(Scheme(form="sgtin96", length=11, prefix="2")) == 74_877_906_944


@given(
    alphabet=st.sets(st.sampled_from("0123456789"), min_size=2).map(
        lambda chosen: "".join(sorted(chosen))
    ),
    prefix=st.sampled_from(["", "2", "27", "274877906", "274877907", "1", "3"]),
    check_it=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_the_space_of_sgtin_96_is_what_counting_finds(alphabet, prefix, check_it):
    if check_it and len(alphabet) % 2:
        alphabet = alphabet[1:] or "01"
    width = min(3, 12 - len(prefix) - check_it)
    pad = "2" * (12 - len(prefix) - check_it - width)
    scheme = Scheme(
        form="sgtin96", alphabet=alphabet, length=width, prefix=prefix + pad,
        check_character=check_it,
    )  # fmt: skip
    if len(alphabet) < 2:
        return
    found = 0
    for body in map("".join, itertools.product(alphabet, repeat=width)):
        head = prefix + pad + body
        top = head + "9" * check_it
        found += head[0] != "0" and int(top) <= SGTIN_96_MAX
    assert space(scheme) == found


def test_all_of_a_small_space_is_drawn_evenly():
    scheme = Scheme(alphabet="ab", length=2, one_in=2)
    seen = Counter(draw(scheme, 1, TODAY)[0] for _ in range(4000))
    assert set(seen) == {"aa", "ab", "ba", "bb"}
    assert sorted(draw(scheme, 4, TODAY)) == ["aa", "ab", "ba", "bb"]
    with pytest.raises(NumberingError, match="exhausted"):
        draw(scheme, 5, TODAY)


def test_what_is_drawn_comes_from_the_generator_alone(monkeypatch):
    # A byte of 255 would favour the first letters; a number that came is drawn anew.
    values = iter([0, 0, 0, 0, 0, 0, 0, 255, 0, 27, *[0] * 8, 25, 51, 77])
    monkeypatch.setattr(
        numbering.secrets,
        "token_bytes",
        lambda count: bytes(itertools.islice(values, count)),
    )
    scheme = Scheme(alphabet=CAPITALS, length=3)
    assert draw(scheme, 3, TODAY) == ["AAA", "AAB", "ZZZ"]


def test_each_character_is_drawn_for_as_many_bytes_as_any_other(monkeypatch):
    monkeypatch.setattr(
        numbering.secrets, "token_bytes", lambda _count: bytes(range(256))
    )
    assert set(Counter(numbering._draw_text("abcdefg", 252)).values()) == {36}


@given(st.integers(1, 12), st.booleans())
@settings(max_examples=30, deadline=None)
def test_drawn_sgtin_96_serials_fit(length, check_it):
    scheme = Scheme(
        form="sgtin96", length=length, check_character=check_it and length < 12
    )
    for number in draw(scheme, 5, TODAY):
        assert number[0] != "0" or number == "0"
        assert int(number) <= SGTIN_96_MAX
        assert sgtin("09520001100017", number, prefix_length=7)


def test_counting_goes_by_start_and_step_in_the_alphabet():
    scheme = Scheme("sequential", alphabet="01", length=4, start=1, step=2)
    values = values_from(scheme, 0, 3)
    assert count_up(scheme, values, TODAY) == ["0001", "0011", "0101"]
    assert space(scheme) == 8


def test_counting_without_padding_has_no_leading_zeros():
    scheme = Scheme("sequential", length=6, padded=False, start=0)
    assert count_up(scheme, [0, 7, 120], TODAY) == ["0", "7", "120"]


def test_leading_zeros_are_refused_in_sgtin_96():
    scheme = Scheme("sequential", form="sgtin96", length=6)
    with pytest.raises(NumberingError) as refusal:
        count_up(scheme, [7], TODAY)
    assert (refusal.value.code, refusal.value.value) == ("leading_zero", "000007")


def test_counting_ends_where_the_scheme_does():
    scheme = Scheme("sequential", length=2, start=98)
    assert count_up(scheme, [98, 99], TODAY) == ["98", "99"]
    with pytest.raises(NumberingError, match="exhausted"):
        count_up(scheme, [100], TODAY)
    top = Scheme("sequential", form="sgtin96", length=12, padded=False)
    assert count_up(top, [SGTIN_96_MAX], TODAY) == [str(SGTIN_96_MAX)]
    with pytest.raises(NumberingError, match="exhausted"):
        count_up(top, [SGTIN_96_MAX + 1], TODAY)


def test_a_batch_that_makes_the_number_too_long_is_refused():
    scheme = Scheme(length=12, prefix="%(batch)s")
    check(scheme)
    long = Parts(date(2026, 1, 1), "A-LONG-BATCH")
    with pytest.raises(NumberingError) as refusal:
        draw(scheme, 1, long)
    assert refusal.value.code == "too_long"


def test_prefix_and_suffix_name_day_and_batch():
    scheme = Scheme(
        "sequential", length=3, prefix="%(year)s%(month)s%(day)s/", suffix="/%(batch)s"
    )
    assert count_up(scheme, [1], TODAY) == ["20261122/001/B17"]
    assert render("W%(woy)s", TODAY) == "W47"


@given(st.text(alphabet=CAPITALS, min_size=2, max_size=12), st.data())
def test_the_check_character_finds_any_wrong_character(body, data):
    at = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.sampled_from(CAPITALS.replace(body[at], "")))
    changed = body[:at] + other + body[at + 1 :]
    assert check_character(body, CAPITALS) != check_character(changed, CAPITALS)


def test_numbers_carry_their_check_character():
    scheme = Scheme(
        alphabet=without_lookalikes("0123456789" + CAPITALS)[:30], length=7,
        prefix="W-", check_character=True,
    )  # fmt: skip
    for number in draw(scheme, 20, TODAY):
        assert not is_mistyped(scheme, number)
        wrong = scheme.alphabet[number[-1] == scheme.alphabet[0]]
        assert is_mistyped(scheme, number[:-1] + wrong)
        assert not is_mistyped(replace(scheme, check_character=False), number)


@pytest.mark.parametrize("padded", [True, False])
@pytest.mark.parametrize("template", ["", "%(doy)s/", "A.", "%(year)s%(woy)s"])
def test_numbers_of_any_day_are_checked(template, padded):
    scheme = Scheme(
        "sequential", length=5, prefix=template, suffix="-%(month)s", padded=padded,
        check_character=True,
    )  # fmt: skip
    (number,) = count_up(scheme, [417], TODAY)
    later = Parts(date(2031, 2, 3))
    assert not is_mistyped(scheme, number)
    assert not is_mistyped(scheme, count_up(scheme, [417], later)[0])
    at = len(render(template, TODAY)) + padded * 2
    assert number[at] == "4"
    assert is_mistyped(scheme, f"{number[:at]}5{number[at + 1 :]}")


def test_what_looks_different_is_not_judged():
    scheme = Scheme(length=4, prefix="A", check_character=True)
    for number in ("B12345", "A1234", "A123456", "A1234X", ""):
        assert not is_mistyped(scheme, number)
    assert not is_mistyped(replace(scheme, prefix="%(batch)s"), "A12345")


def test_drawing_is_by_the_system_generator():
    random.seed(1)
    first = draw(Scheme(length=12), 3, TODAY)
    random.seed(1)
    assert draw(Scheme(length=12), 3, TODAY) != first


def shape(**values):
    return numbering.series(Scheme(**{"length": 2, **values}))


@pytest.mark.parametrize(
    ("own", "other", "part"),
    [
        ({}, {"alphabet": "9876543210", "form": "plain"}, Fraction(1)),
        ({}, {"alphabet": "0123456789A"}, Fraction(100, 121)),
        ({"alphabet": "0123456789A"}, {}, Fraction(1)),
        ({}, {"length": 3}, Fraction(0)),
        ({"length": 3}, {"check_character": True}, Fraction(1)),
        ({"length": 3}, {"prefix": "7"}, Fraction(1)),
        ({"prefix": "7"}, {"length": 3}, Fraction(1, 10)),
        ({"prefix": "7"}, {"prefix": "8"}, Fraction(0)),
        ({"suffix": "26"}, {"suffix": "%(woy)s"}, Fraction(1)),
        ({"prefix": "A"}, {"prefix": "%(batch)s"}, Fraction(1)),
    ],
)
def test_drawn_series_overlap_as_far_as_their_characters_do(own, other, part):
    assert numbering.overlap(shape(**own), shape(**other)) == part


def test_a_series_that_counts_up_is_told_by_start_and_step():
    first = Scheme("sequential", start=1, step=2, prefix="A")
    assert numbering.series(first) == numbering.series(replace(first, prefix="B"))
    assert numbering.series(first) != numbering.series(replace(first, step=1))
