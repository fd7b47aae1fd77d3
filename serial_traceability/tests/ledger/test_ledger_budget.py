import contextlib
from itertools import count
from unittest.mock import patch

from odoo.fields import Command
from odoo.sql_db import Cursor
from odoo.tests import freeze_time, tagged

from ..common import SerialCase

#: Statements that the ledger may add to a document and event group.
_BUDGET = 8


@tagged("post_install", "-at_install")
class TestLedgerBudget(SerialCase):
    """What validating a transfer costs with the ledger and without it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.numbers = count()
        cls.shelves = cls.stock_location.create(
            [
                {"name": f"Shelf {number}", "location_id": cls.stock_location.id}
                for number in range(3)
            ]
        )

    def prepare(self, units, places):
        """Return a transfer of new serials into ``places``, ready to validate."""
        picking = self.transfer(
            self.warehouse.in_type_id,
            self.supplier_location,
            self.stock_location,
            [(self.phone, units)],
            partner=self.supplier,
        )
        picking.action_confirm()
        move = picking.move_ids
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": self.phone.id,
                    "lot_name": f"BUDGET-{next(self.numbers)}",
                    "quantity": 1,
                    "picking_id": picking.id,
                    "location_id": self.supplier_location.id,
                    "location_dest_id": places[index % len(places)].id,
                }
            )
            for index in range(units)
        ]
        move.picked = True
        return picking

    def prepare_delivery(self, units, _places):
        """Return a delivery of as many serials, reserved and picked."""
        receipt = self.validate(self.prepare(units, self.stock_location))
        lots = receipt.move_line_ids.lot_id
        picking = self.transfer(
            self.warehouse.out_type_id,
            self.stock_location,
            self.customer_location,
            [(self.phone, units)],
            partner=self.customer,
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": self.phone.id,
                    "lot_id": lot.id,
                    "quantity": 1,
                    "picking_id": picking.id,
                    "location_id": self.stock_location.id,
                    "location_dest_id": self.customer_location.id,
                }
            )
            for lot in lots
        ]
        picking.move_ids.picked = True
        return picking

    def count_queries(self, picking):
        """Return how many statements validating ``picking`` takes."""
        statements = []
        execute = Cursor.execute

        def count_one(cursor, query, *args, **kwargs):
            # Core forgets its users now and then and reads them anew.
            if 'FROM "res_users"' not in str(query):
                statements.append(query)
            return execute(cursor, query, *args, **kwargs)

        self.env.flush_all()
        self.env.invalidate_all()
        # A clock that stands still: core stamps rows again where it has moved on.
        with (
            patch.object(Cursor, "execute", count_one),
            freeze_time("2026-11-22 12:00:00"),
        ):
            picking.button_validate()
            self.env.flush_all()
        self.assertEqual(picking.state, "done")
        return len(statements)

    @contextlib.contextmanager
    def without_ledger(self):
        """Validate as if the ledger were not there: what the addon adds to it."""
        movements = type(self.env["serial.movement"])
        lines = type(self.env["stock.move.line"])
        with (
            patch.object(movements, "_record", lambda self, ids: []),
            patch.object(lines, "_check_received_once", lambda self: None),
        ):
            yield

    def get_further_queries(self, prepare, units, places):
        """Return what the ledger adds, and how many events it wrote."""
        with self.without_ledger():
            bare = self.count_queries(prepare(units, places))
        picking = prepare(units, places)
        further = self.count_queries(picking) - bare
        return further, len(self.events(picking.move_line_ids.lot_id))

    def assert_budget(self, prepare, numbers, places, groups):
        self.get_further_queries(prepare, numbers[0], places)  # fills caches
        measured = []
        for units in numbers:
            further, events = self.get_further_queries(prepare, units, places)
            self.assertGreaterEqual(events, groups)
            measured.append(further)
        self.assertEqual(len(set(measured)), 1, measured)
        self.assertGreater(measured[0], 0)
        self.assertLessEqual(measured[0], _BUDGET)

    def test_receiving_one_ten_and_a_hundred_units_into_one_place(self):
        self.assert_budget(self.prepare, (1, 10, 100), self.stock_location, 1)

    def test_delivering_one_ten_and_a_hundred_units(self):
        self.assert_budget(self.prepare_delivery, (1, 10, 100), None, 1)

    def test_receiving_into_three_places_costs_no_more_than_into_one(self):
        self.assert_budget(self.prepare, (3, 12, 99), self.shelves, 3)
