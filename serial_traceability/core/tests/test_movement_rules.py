"""The table of movements."""

import itertools
import pathlib

import pytest

from serial_traceability.core.epcis import BIZ_STEPS, DISPOSITIONS
from serial_traceability.core.epcis.event import ACTIONS
from serial_traceability.core.movement import (
    ANY,
    HELD,
    RULES,
    Movement,
    classify,
    get_read_point,
    purpose,
    undo,
)

PURPOSES = ("move", "count", "scrap", "pick", "pack", "store")


def test_rules_speak_the_core_business_vocabulary():
    for rule in RULES:
        assert rule.biz_step in BIZ_STEPS, rule.name
        assert rule.disposition in DISPOSITIONS, rule.name
        assert rule.action in ACTIONS, rule.name


def test_each_rule_is_reached_and_has_a_name_of_its_own():
    reached = {
        classify(Movement(*facts)).name
        for facts in itertools.product(ANY, ANY, PURPOSES, (True, False))
    }
    assert reached == {rule.name for rule in RULES}
    assert len(reached) == len(RULES)


@pytest.mark.parametrize(
    ("movement", "name"),
    [
        (Movement("supplier", "internal"), "receipt"),
        (Movement("supplier", "internal", to_stock=False), "receipt_step"),
        (Movement("internal", "internal", "pick", to_stock=False), "pick"),
        (Movement("internal", "customer"), "delivery"),
        (Movement("supplier", "customer"), "dropship"),
        (Movement("customer", "internal"), "customer_return"),
        (Movement("internal", "supplier"), "supplier_return"),
        (Movement("internal", "inventory", "scrap"), "scrap"),
        (Movement("internal", "inventory", "count"), "count_loss"),
        (Movement("inventory", "internal", "count"), "count_found"),
        (Movement("internal", "intercompany"), "company_delivery"),
        (Movement("intercompany", "internal"), "company_receipt"),
        (Movement("customer", "customer"), "other"),
        (Movement("supplier", "view"), "other"),
    ],
)
def test_movement_falls_under(movement, name):
    assert classify(movement).name == name


def test_a_shipment_taken_back_is_void_shipping_and_the_unit_is_ours():
    movement = Movement("internal", "customer")
    rule = undo(movement, classify(movement))
    assert (rule.biz_step, rule.holder) == ("void_shipping", "company")
    assert rule.disposition == "sellable_not_accessible"


def test_a_receipt_taken_back_leaves_the_unit_with_the_supplier():
    movement = Movement("supplier", "internal")
    rule = undo(movement, classify(movement))
    assert (rule.biz_step, rule.disposition) == ("other", "unknown")
    assert rule.holder == "partner"


def test_whatever_we_hold_is_undone_into_a_known_disposition():
    for source, destination in itertools.product(ANY, ANY):
        movement = Movement(source, destination)
        rule = undo(movement, classify(movement))
        assert rule.disposition in DISPOSITIONS
        assert (rule.holder == "company") == (source in HELD)


def test_scrap_goes_before_count_and_count_before_the_route():
    assert purpose(is_scrap=True, is_inventory=True, operation="pick") == "scrap"
    assert purpose(is_scrap=False, is_inventory=True, operation="pick") == "count"
    assert purpose(is_scrap=False, is_inventory=False, operation="pick") == "pick"
    assert purpose(is_scrap=False, is_inventory=False) == "move"


def _documented():
    """Return the rows of the table in docs/events.md, cell by cell."""
    page = pathlib.Path(__file__).parents[3] / "docs" / "events.md"
    if not page.exists():
        pytest.skip("the documentation is not installed with the addon")
    return [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in page.read_text().split("\n## ")[0].splitlines()
        if line.startswith("| `")
    ]


def test_documentation_shows_the_table_as_it_is():
    def names(usages):
        return "any" if usages == ANY else usages

    def parts(cell):
        return "any" if cell == "any" else frozenset(filter(None, cell.split(", ")))

    told = [
        (row[0].strip("`"), parts(row[2]), parts(row[3]), parts(row[4]), *row[5:])
        for row in _documented()
    ]
    places = {None: "", True: "stock", False: "not stock"}
    assert told == [
        (
            rule.name, names(rule.sources), names(rule.destinations),
            rule.purposes or frozenset(), places[rule.to_stock], rule.action,
            rule.biz_step, rule.disposition, rule.read_point, rule.holder,
        )
        for rule in RULES
    ]  # fmt: skip


def test_the_end_at_which_a_movement_is_seen_follows_from_its_name():
    for rule in RULES:
        assert get_read_point(rule.name) == rule.read_point
        assert get_read_point(f"undo_{rule.name}") == "destination"
    assert get_read_point("unpack") == "source"
    assert get_read_point("pack_in") == "destination"
    assert get_read_point(None) == "destination"
