"""What is said of scanned units: one test a verdict, on situations made by hand."""

from dataclasses import replace
from datetime import date

import pytest

from serial_traceability.core.numbering import Scheme
from serial_traceability.core.scan import Scan, corrected_scan
from serial_traceability.core.verdict import (
    IssuedNumber,
    KnownSerial,
    Line,
    Product,
    Situation,
    judge,
)

GTIN = "09520001100017"
PHONE = Product(1, "Phone")
WATCH = Product(2, "Watch")
CABLE = Product(3, "Cable", is_serial=False)
RECEIPT = Situation(
    purpose="receive",
    today=date(2026, 11, 22),
    products={1: PHONE, 2: WATCH, 3: CABLE},
    products_by_gtin={GTIN: (1,), "2": (2,), "3": (3,), "12": (1, 2)},
    demand={1: 2, 3: 1},
)
KNOWN = KnownSerial(7, 1, "A1", "Phone")


def unit(serial="A1", gtin=GTIN, **values):
    return Scan(serial or "", "unit" if serial else "gtin", gtin, serial, **values)


def plain(text):
    return Scan(text, "plain", serial=text)


def say(situation, *scans):
    return judge(
        [Line(number, scan) for number, scan in enumerate(scans, 1)], situation
    )


def said(situation, *scans):
    """Return code and level of the last line's verdict."""
    verdict = say(situation, *scans)[-1]
    return verdict.code, verdict.level


def with_serials(situation, *serials, **changes):
    known = {}
    for serial in serials:
        known[serial.name] = (*known.get(serial.name, ()), serial)
    return replace(situation, serials=known, **changes)


def test_a_new_unit_is_good():
    (verdict,) = say(RECEIPT, unit())
    assert (verdict.code, verdict.level, verdict.product_id) == ("ok", "good", 1)


@pytest.mark.parametrize(
    ("scan", "code"),
    [
        (Scan("x", "rubbish", fault="check_digit"), "check_digit"),
        (Scan("", "empty", fault="empty_line"), "empty_line"),
        (Scan("x", "sscc", value="1"), "sscc"),
        (Scan("x", "epc", value="1"), "other_epc"),
        (unit(gtin="unknown"), "unknown_product"),
        (unit(gtin="12"), "ambiguous_product"),
        (unit(gtin="2"), "wrong_product"),
        (unit(gtin="3"), "not_serial_tracked"),
        (unit(None), "no_serial"),
    ],
)
def test_what_is_no_wanted_unit_is_wrong(scan, code):
    assert said(RECEIPT, scan) == (code, "wrong")


def test_a_transfer_without_demand_takes_any_product():
    assert said(replace(RECEIPT, demand=None), unit(gtin="2")) == ("ok", "good")


def test_a_repeated_unit_names_the_first_line():
    verdict = say(RECEIPT, unit("A1"), unit("A2"), unit("A1"))[-1]
    assert (verdict.code, verdict.details) == ("duplicate", {"first": 1})


def test_the_same_number_of_two_products_is_no_duplicate():
    anything = replace(RECEIPT, demand=None)
    assert said(anything, unit("A1"), unit("A1", gtin="2")) == ("ok", "good")


def test_a_wrong_line_is_not_the_first_of_a_duplicate():
    scanned = replace(RECEIPT, scanned=frozenset({(1, "A1")}))
    codes = [each.code for each in say(scanned, unit(), unit())]
    assert codes == ["already_scanned", "already_scanned"]


def test_an_announced_serial_is_not_announced_again():
    listed = replace(RECEIPT, purpose="announce", scanned=frozenset({(1, "A1")}))
    assert said(listed, unit()) == ("already_announced", "wrong")


def test_more_than_the_demand_is_surplus():
    levels = [each.code for each in say(RECEIPT, unit("A"), unit("B"), unit("C"))]
    assert levels == ["ok", "ok", "surplus"]


def test_what_is_already_scanned_counts_for_the_surplus():
    scanned = frozenset({(1, "X"), (1, "Y")})
    assert said(replace(RECEIPT, scanned=scanned), unit()) == ("surplus", "warning")


# ---- Plain serials ----


def test_a_plain_serial_is_of_the_only_product():
    assert say(RECEIPT, plain("A1"))[0].product_id == 1


def test_a_plain_serial_may_be_of_two_products():
    both = replace(RECEIPT, demand={1: 1, 2: 1})
    assert said(both, plain("A1")) == ("unknown_text", "wrong")


def test_a_known_plain_serial_finds_its_product():
    both = with_serials(replace(RECEIPT, demand={1: 1, 2: 1}), KNOWN)
    assert say(both, plain("A1"))[0].product_id == 1


def test_a_plain_serial_known_for_two_products_is_ambiguous():
    twin = replace(KNOWN, id=8, product_id=2, product_name="Watch")
    both = with_serials(replace(RECEIPT, demand={1: 1, 2: 1}), KNOWN, twin)
    assert said(both, plain("A1")) == ("ambiguous_serial", "wrong")


def test_a_plain_serial_of_a_product_not_on_the_transfer():
    other = with_serials(RECEIPT, replace(KNOWN, product_id=2))
    assert said(other, plain("A1")) == ("wrong_product", "wrong")


def test_prose_is_no_serial():
    assert said(RECEIPT, plain("hello, is this on?")) == ("unknown_text", "wrong")


def test_a_product_that_the_user_chose_counts():
    line = Line(1, corrected_scan("?", serial="A1"), product_id=1)
    assert judge([line], RECEIPT)[0].code == "ok"


# ---- Serials that are known ----


@pytest.mark.parametrize("place", ["here", "elsewhere"])
def test_a_unit_in_stock_is_not_received(place):
    stocked = with_serials(RECEIPT, replace(KNOWN, place=place))
    assert said(stocked, unit()) == ("in_stock", "wrong")


def test_a_unit_that_left_can_come_back():
    assert said(with_serials(RECEIPT, KNOWN), unit()) == ("ok", "good")


@pytest.mark.parametrize("purpose", ["receive", "take", "give_back", "announce"])
def test_another_companys_serial_is_refused(purpose):
    foreign = with_serials(RECEIPT, replace(KNOWN, foreign=True), purpose=purpose)
    assert said(foreign, unit()) == ("other_company", "wrong")


def test_another_companys_serial_does_not_hide_ours():
    theirs = replace(KNOWN, id=8, foreign=True)
    verdict = say(with_serials(RECEIPT, theirs, KNOWN), unit())[0]
    assert (verdict.code, verdict.serial) == ("ok", KNOWN)


def test_a_number_that_another_product_has_too_is_pointed_at():
    other = with_serials(RECEIPT, replace(KNOWN, product_id=2, product_name="Watch"))
    assert said(other, unit()) == ("other_product", "warning")


DELIVERY = replace(RECEIPT, purpose="take")
HERE = replace(KNOWN, place="here")


def test_a_unit_here_can_leave():
    assert said(with_serials(DELIVERY, HERE), unit()) == ("ok", "good")


@pytest.mark.parametrize(
    ("serial", "code", "level"),
    [
        (replace(KNOWN, place="elsewhere"), "not_here", "wrong"),
        (KNOWN, "not_here", "wrong"),
        (replace(HERE, product_id=2, product_name="Watch"), "other_product", "wrong"),
        (replace(HERE, name="B"), "not_known", "wrong"),
        (replace(HERE, reserved_by="OUT/1"), "reserved", "warning"),
        (
            replace(HERE, reserved_by="OUT/1", reserved_firmly=True),
            "reserved",
            "wrong",
        ),
        (replace(HERE, expiry=date(2026, 1, 1)), "expired", "warning"),
    ],
)
def test_what_cannot_simply_leave(serial, code, level):
    assert said(with_serials(DELIVERY, serial), unit()) == (code, level)


def test_a_return_of_an_unknown_serial_is_looked_at():
    back = replace(RECEIPT, purpose="give_back")
    assert said(back, unit()) == ("not_known", "warning")


def test_a_return_of_what_is_here_is_refused():
    back = with_serials(RECEIPT, HERE, purpose="give_back")
    assert said(back, unit()) == ("in_stock", "wrong")


# ---- Batches and dates ----


def test_another_batch_than_the_serials_is_wrong():
    known = with_serials(RECEIPT, replace(KNOWN, batch="B1"))
    assert said(known, unit(batch="B2")) == ("other_batch", "wrong")


def test_another_expiry_than_the_batchs_is_wrong():
    known = replace(RECEIPT, batch_expiries={(1, "B1"): date(2027, 1, 1)})
    scan = unit(batch="B1", expiry=date(2027, 2, 1))
    assert said(known, scan) == ("other_expiry", "wrong")
    scan = unit(batch="B1", expiry=date(2027, 1, 1))
    assert said(known, scan) == ("ok", "good")


def test_two_expiries_of_one_batch_in_a_file_are_wrong():
    first = unit("A1", batch="B1", expiry=date(2027, 1, 1))
    second = unit("A2", batch="B1", expiry=date(2027, 2, 1))
    assert said(RECEIPT, first, second) == ("other_expiry", "wrong")


def test_a_passed_expiry_is_looked_at():
    assert said(RECEIPT, unit(expiry=date(2026, 11, 21))) == ("expired", "warning")
    assert said(RECEIPT, unit(expiry=date(2026, 11, 22))) == ("ok", "good")


@pytest.mark.parametrize("purpose", ["receive", "give_back", "take", "announce"])
def test_a_retired_serial_is_used_by_nobody(purpose):
    gone = KnownSerial(7, 1, "A1", retired=True, place="here")
    situation = with_serials(replace(RECEIPT, purpose=purpose), gone)
    assert said(situation, unit("A1")) == ("retired", "wrong")


def test_a_unit_that_is_held_back_is_refused_before_its_place_is_looked_at():
    held = KnownSerial(7, 1, "A1", held_for="Recall", place="elsewhere")
    situation = with_serials(replace(RECEIPT, purpose="take"), held)
    assert said(situation, unit("A1")) == ("locked", "wrong")


# ---- Policy and announcements ----


@pytest.mark.parametrize(
    ("rule", "scan", "code"),
    [
        ({"form": "ai21"}, unit("A 1"), "wrong_form"),
        ({"form": "ai21"}, unit("A" * 21), "wrong_form"),
        ({"form": "sgtin96"}, unit("00012"), "wrong_form"),
        ({"form": "sgtin96"}, unit("274877906944"), "wrong_form"),
        ({"form": "sgtin96"}, unit("12A"), "wrong_form"),
        ({"form": "sgtin96"}, unit("274877906943"), "ok"),
        ({"form": "plain"}, unit("A 1"), "wrong_form"),
        ({"require_batch": True}, unit(), "batch_missing"),
        ({"require_expiry": True}, unit(), "expiry_missing"),
    ],
)
def test_the_policy_is_kept(rule, scan, code):
    strict = replace(RECEIPT, products={1: replace(PHONE, **rule)})
    assert said(strict, scan) == (code, "good" if code == "ok" else "wrong")


def test_a_known_unit_whose_number_the_policy_would_refuse_now_can_leave():
    products = {1: replace(PHONE, form="sgtin96")}
    situation = with_serials(replace(DELIVERY, products=products), HERE)
    assert said(situation, unit()) == ("ok", "good")


def test_a_label_without_batch_can_leave():
    products = {1: replace(PHONE, require_batch=True)}
    situation = with_serials(replace(DELIVERY, products=products), HERE)
    assert said(situation, unit()) == ("ok", "good")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("accept", ("ok", "good")),
        ("warn", ("not_expected", "warning")),
        ("refuse", ("not_expected", "wrong")),
    ],
)
def test_an_unannounced_serial_follows_the_policy(rule, expected):
    situation = replace(
        RECEIPT,
        products={1: replace(PHONE, unexpected_serial=rule)},
        announced={1: frozenset({"B"})},
    )
    assert said(situation, unit("A1")) == expected
    assert said(situation, unit("B")) == ("ok", "good")


def test_a_supplier_who_must_announce_brings_nothing_else():
    products = {1: replace(PHONE, announced_only=True, unexpected_serial="accept")}
    situation = replace(RECEIPT, products=products)
    assert said(situation, unit("A1")) == ("not_expected", "wrong")
    listed = replace(situation, announced={1: frozenset({"A1"})})
    assert said(listed, unit("A1")) == ("ok", "good")
    assert said(listed, unit("A2")) == ("not_expected", "wrong")
    assert said(replace(listed, purpose="announce"), unit("A2")) == ("ok", "good")


def test_without_a_list_nothing_is_unexpected():
    refusing = replace(PHONE, unexpected_serial="refuse")
    situation = replace(RECEIPT, products={1: refusing})
    assert said(situation, unit()) == ("ok", "good")


@pytest.mark.parametrize("serial", ["A" * 21, "SN 1", "é‰ÿ", "\u200fSN1", "SN#1"])
def test_a_new_number_that_gs1_does_not_allow_is_doubted(serial):
    assert said(RECEIPT, unit(serial)) == ("odd_serial", "warning")


def with_number(state="issued", block="B1", situation=RECEIPT, **values):
    """Return a receipt to which A1 is a number that we issued."""
    return replace(situation, issued={(1, "A1"): IssuedNumber(state, block, **values)})


def test_a_number_of_the_senders_block_is_good():
    assert said(with_number(), unit()) == ("ok", "good")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ({"others": True}, "other_block"),
        ({"expired": date(2026, 11, 21)}, "block_expired"),
        ({"state": "returned", "others": True}, "number_returned"),
        ({"state": "destroyed", "block": ""}, "number_destroyed"),
        ({"state": "decommissioned", "others": True}, "retired"),
    ],
)
def test_a_number_that_may_not_be_used_is_wrong(number, code):
    for purpose in ("receive", "announce", "stocktake"):
        situation = with_number(situation=replace(RECEIPT, purpose=purpose), **number)
        assert said(situation, unit()) == (code, "wrong")


def test_numbers_count_only_where_units_come_in():
    known = with_serials(RECEIPT, replace(KNOWN, place="here"), purpose="take")
    assert said(with_number(situation=known, others=True), unit())[0] == "ok"
    back = with_serials(RECEIPT, KNOWN, purpose="give_back")
    assert said(with_number("commissioned", situation=back), unit())[0] == "ok"


def test_a_number_that_looks_like_ours_is_doubted_by_its_check_character():
    scheme = Scheme("sequential", length=4, check_character=True)
    phone = replace(PHONE, scheme=scheme)
    for purpose in ("receive", "announce", "stocktake"):
        situation = replace(RECEIPT, purpose=purpose, products={1: phone})
        assert said(situation, unit("47151")) == ("check_character", "warning")
        assert said(situation, unit("47115"))[0] == "ok"
        assert said(situation, unit("THEIRS-1"))[0] == "ok"
    known = with_serials(
        replace(RECEIPT, products={1: phone}), replace(KNOWN, name="47151")
    )
    assert said(known, unit("47151"))[0] == "ok"
    issued = {(1, "47151"): IssuedNumber("issued")}
    ours = replace(RECEIPT, products={1: phone}, issued=issued)
    assert said(ours, unit("47151"))[0] == "ok"


def test_a_number_that_is_an_expected_gtin_but_for_a_slip_is_doubted():
    situation = replace(RECEIPT, gtins=frozenset({GTIN, "95200011000171"}))
    for text in ("09520001100018", "9520001100018", "9520010100017"):
        verdict = say(situation, plain(text))[0]
        assert (verdict.code, verdict.level) == ("mistyped_gtin", "warning")
        assert verdict.details == {"value": text, "gtin": GTIN}
    # Two slips, another length, a symbol that says it is a serial.
    for scan in (plain("9520001100089"), plain("952000110001"), unit("9520001100018")):
        assert said(situation, scan)[0] == "ok"
    assert said(RECEIPT, plain("9520001100018"))[0] == "ok"


def test_a_number_like_a_gtin_that_is_known_is_not_doubted():
    text = "9520001100018"
    situation = replace(RECEIPT, gtins=frozenset({GTIN}))
    known = with_serials(situation, replace(KNOWN, name=text))
    issued = replace(situation, issued={(1, text): IssuedNumber("issued")})
    announced = replace(situation, announced={1: frozenset({text})})
    for each in (known, issued, announced):
        assert said(each, plain(text))[0] == "ok"


def used(situation, state="commissioned", **values):
    return with_number(state, situation=situation, moved=True, **values)


def test_a_number_in_use_is_not_received_twice():
    gone = with_serials(RECEIPT, KNOWN)
    assert said(used(gone), unit())[0] == "used_twice"
    here = with_serials(RECEIPT, replace(KNOWN, place="elsewhere"))
    assert said(used(here), unit())[0] == "in_stock"


def test_a_serial_created_ahead_is_received_once():
    ahead = with_serials(RECEIPT, KNOWN)
    assert said(with_number("commissioned", situation=ahead), unit())[0] == "ok"


def test_a_serial_created_ahead_is_still_its_holders():
    ahead = with_serials(RECEIPT, KNOWN)
    situation = with_number("commissioned", situation=ahead, others=True)
    assert said(situation, unit()) == ("other_block", "wrong")


def test_a_unit_that_its_maker_sends_back_is_no_second_one():
    gone = with_serials(RECEIPT, KNOWN)
    assert said(used(gone, sent_back=True), unit()) == ("ok", "good")


def test_a_unit_of_our_own_making_may_come_again():
    gone = with_serials(RECEIPT, KNOWN)
    assert said(used(gone, block=""), unit()) == ("ok", "good")


@pytest.mark.parametrize("purpose", ["receive", "announce"])
def test_a_number_nobody_issued_is_wrong_from_who_has_a_block(purpose):
    held = replace(RECEIPT, purpose=purpose, held={1: "B1"})
    (verdict,) = say(held, unit())
    assert (verdict.code, verdict.level) == ("not_issued", "wrong")
    assert verdict.details["block"] == "B1"
    assert said(with_number(situation=held), unit()) == ("ok", "good")
    assert said(replace(RECEIPT, purpose=purpose, held={2: "B1"}), unit())[0] == "ok"


def test_a_unit_that_was_here_comes_back_with_the_number_it_has():
    held = replace(RECEIPT, held={1: "B1"})
    assert said(with_serials(held, KNOWN), unit())[0] == "not_issued"
    before = with_serials(held, replace(KNOWN, moved=True))
    assert said(before, unit()) == ("ok", "good")
