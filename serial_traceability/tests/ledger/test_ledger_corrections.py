from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestLedgerCorrections(SerialCase):
    """Editing or undoing a done line adds to the history and rewrites nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phones = cls.receive(cls.phone, ["SN1", "SN2", "SN3"])
        cls.first_receipt = cls.receipt
        cls.delivery = cls.deliver(cls.phones[:2])

    def line_of(self, lot):
        return self.delivery.move_line_ids.filtered(lambda line: line.lot_id == lot)

    def test_exchanging_the_serial_of_a_done_line_takes_back_one_and_tells_one(self):
        first, _second, third = self.phones
        told = first.sudo().last_event_id
        self.line_of(first).lot_id = third
        self.assertRecordValues(
            (first | third).sudo().last_event_id.sorted("id"),
            [
                {
                    "movement": "undo_delivery",
                    "biz_step": "void_shipping",
                    "source_usage": "customer",
                    "destination_usage": "internal",
                    "corrects_event_id": told.id,
                    "error_reason": "incorrect_data",
                    "unit_count": 1,
                },
                {
                    "movement": "delivery",
                    "biz_step": "shipping",
                    "source_usage": "internal",
                    "destination_usage": "customer",
                    "corrects_event_id": told.id,
                    "error_reason": "incorrect_data",
                    "unit_count": 1,
                },
            ],
        )
        self.assertEqual(first.disposition, "sellable_not_accessible")
        self.assertEqual(first.custodian_id, self.company.partner_id)
        self.assertEqual(third.custodian_id, self.customer)
        self.assertEqual(told.unit_count, 2)

    def test_quantity_to_zero_takes_the_unit_back(self):
        first, second, _third = self.phones
        self.line_of(first).quantity = 0
        self.assertEqual(first.sudo().last_event_id.movement, "undo_delivery")
        self.assertEqual(first.location_id, self.stock_location)
        self.assertEqual(second.sudo().last_event_id.movement, "delivery")

    def test_undone_receipt_leaves_the_unit_with_the_supplier(self):
        third = self.phones[2]
        lines = self.first_receipt.move_line_ids
        line = lines.filtered(lambda line: line.lot_id == third)
        line.quantity = 0
        event = third.sudo().last_event_id
        self.assertEqual((event.movement, event.biz_step), ("undo_receipt", "other"))
        self.assertEqual(third.disposition, "unknown")
        self.assertEqual(third.custodian_id, self.supplier)

    def test_line_added_to_a_done_transfer_is_told(self):
        third = self.phones[2]
        self.delivery.is_locked = False
        self.delivery.move_line_ids = [
            Command.create(
                {
                    "product_id": self.phone.id,
                    "lot_id": third.id,
                    "quantity": 1,
                    "location_id": self.stock_location.id,
                    "location_dest_id": self.customer_location.id,
                }
            )
        ]
        event = third.sudo().last_event_id
        self.assertRecordValues(
            event,
            [
                {
                    "movement": "delivery",
                    "document_res_id": self.delivery.id,
                    "unit_count": 1,
                }
            ],
        )

    def test_change_that_says_nothing_of_the_movement_adds_nothing(self):
        before = self.env["serial.event"].search_count([])
        lines = self.delivery.move_line_ids
        lines.write({"quantity": 1})
        lines.write({"date": "2026-01-01 00:00:00"})
        self.assertEqual(self.env["serial.event"].search_count([]), before)

    def test_correction_of_a_line_from_before_the_ledger_tells_the_old_first(self):
        first = self.phones[0]
        line = self.line_of(first)
        movements = self.env["serial.movement"]
        # As if nothing had told of the delivery: the database before this addon.
        with patch.object(type(movements), "_find_events", return_value={}):
            line.quantity = 0
        imported, undone = self.events(first)[-2:].sorted("id")
        self.assertRecordValues(
            imported | undone,
            [
                {"movement": "delivery", "imported": True, "unit_count": 1},
                {"movement": "undo_delivery", "imported": False, "unit_count": 1},
            ],
        )
        self.assertEqual(imported.event_time, self.delivery.move_ids.date)

    def test_line_added_later_is_dated_when_it_was_added(self):
        third = self.phones[2]
        self.delivery.move_ids.date = "2026-01-01 00:00:00"
        self.delivery.is_locked = False
        self.delivery.move_line_ids = [
            Command.create(
                {
                    "product_id": self.phone.id,
                    "lot_id": third.id,
                    "quantity": 1,
                    "location_id": self.stock_location.id,
                    "location_dest_id": self.customer_location.id,
                    "move_id": self.delivery.move_ids[0].id,
                }
            )
        ]
        event = third.sudo().last_event_id
        self.assertEqual(event.movement, "delivery")
        self.assertGreater(event.event_time.isoformat(), "2026-01-02")
        self.assertEqual(third.custodian_id, self.customer)

    def test_undoing_a_whole_delivery_is_one_event(self):
        before = self.env["serial.event"].search([])
        self.delivery.move_ids.quantity = 0
        events = self.env["serial.event"].search([]) - before
        self.assertRecordValues(
            events, [{"movement": "undo_delivery", "unit_count": 2}]
        )

    def test_undoing_lines_one_by_one_in_a_form_is_one_event(self):
        for record in (self.delivery, self.delivery.move_ids):
            for quantity, movement in ((0, "undo_delivery"), (1, "delivery")):
                with self.subTest(record=record._name, quantity=quantity):
                    before = self.env["serial.event"].search([])
                    record.write(
                        {
                            "move_line_ids": [
                                Command.update(line.id, {"quantity": quantity})
                                for line in self.delivery.move_line_ids
                            ]
                        }
                    )
                    events = self.env["serial.event"].search([]) - before
                    self.assertRecordValues(
                        events, [{"movement": movement, "unit_count": 2}]
                    )

    def test_lines_of_moves_of_a_form_are_told_together(self):
        before = self.env["serial.event"].search([])
        move = self.delivery.move_ids
        updates = [
            Command.update(line.id, {"quantity": 0}) for line in move.move_line_ids
        ]
        self.delivery.write(
            {"move_ids": [Command.update(move.id, {"move_line_ids": updates})]}
        )
        events = self.env["serial.event"].search([]) - before
        self.assertRecordValues(
            events, [{"movement": "undo_delivery", "unit_count": 2}]
        )

    def test_form_that_changes_one_line_and_adds_another_tells_both(self):
        first, _second, third = self.phones
        before = self.env["serial.event"].search([])
        self.delivery.is_locked = False
        self.delivery.move_ids.move_line_ids = [
            Command.update(self.line_of(first).id, {"quantity": 0}),
            Command.create(
                {
                    "product_id": self.phone.id,
                    "lot_id": third.id,
                    "quantity": 1,
                    "picking_id": self.delivery.id,
                    "location_id": self.stock_location.id,
                    "location_dest_id": self.customer_location.id,
                }
            ),
        ]
        events = self.env["serial.event"].search([]) - before
        self.assertRecordValues(
            events.sorted("id"),
            [
                {"movement": "undo_delivery", "error_reason": "incorrect_data"},
                {"movement": "delivery", "error_reason": False},
            ],
        )
        self.assertEqual(third.custodian_id, self.customer)

    def test_form_that_saves_a_line_as_it_was_adds_nothing(self):
        before = self.env["serial.event"].search_count([])
        line = self.line_of(self.phones[0])
        self.delivery.write(
            {"move_line_ids": [Command.update(line.id, {"quantity": 1})]}
        )
        self.assertEqual(self.env["serial.event"].search_count([]), before)

    def test_form_that_changes_a_line_and_the_date_tells_each_once(self):
        first, second, _third = self.phones
        before = self.env["serial.event"].search([])
        line = self.line_of(first)
        self.delivery.move_ids.write(
            {
                "date": "2026-01-02 03:04:05",
                "move_line_ids": [Command.update(line.id, {"quantity": 0})],
            }
        )
        events = self.env["serial.event"].search([]) - before
        self.assertRecordValues(
            events.sorted("id"),
            [
                {"movement": "undo_delivery", "unit_count": 1},
                {"movement": "correction", "unit_count": 1},
            ],
        )
        self.assertEqual(events.sorted("id")[1].line_ids.lot_id, second)
        self.assertEqual(second.custodian_id, self.customer)

    def test_clients_cannot_keep_a_change_from_being_told(self):
        first = self.phones[0]
        line = self.line_of(first)
        line.with_context(serial_correction=line.move_id.ids).quantity = 0
        self.assertEqual(first.sudo().last_event_id.movement, "undo_delivery")

    def test_lines_told_by_different_events_are_corrected_apart(self):
        first, second, third = self.phones
        self.deliver(third)
        lines = self.env["stock.move.line"].search(
            [
                ("lot_id", "in", (first | third).ids),
                ("location_dest_id", "=", self.customer_location.id),
            ]
        )
        told = (first | third).sudo().last_event_id
        lines.write({"quantity": 0})
        undone = (first | third).sudo().last_event_id
        self.assertEqual(undone.corrects_event_id, told)
        self.assertEqual(undone.mapped("unit_count"), [1, 1])
        self.assertEqual(second.sudo().last_event_id.movement, "delivery")

    def test_another_owner_is_a_correction(self):
        first = self.phones[0]
        self.line_of(first).owner_id = self.supplier
        undone, redone = self.events(first)[-2:]
        self.assertRecordValues(
            undone | redone,
            [
                {"movement": "undo_delivery", "owner_res_id": 0},
                {"movement": "delivery", "owner_res_id": self.supplier.id},
            ],
        )

    def test_another_package_is_taken_back_and_told_anew(self):
        packages = self.env["stock.package"].create([{"name": "K1"}, {"name": "K2"}])
        phone = self.receive(self.phone, ["SN9"], result_package_id=packages[0].id)
        self.receipt.move_line_ids.result_package_id = packages[1]
        events = self.events(phone, event_type="AggregationEvent")
        self.assertEqual(
            [(event.action, event.package_name) for event in events.sorted("id")],
            [("ADD", "K1"), ("DELETE", "K1"), ("ADD", "K2")],
        )

    def test_quantity_zero_takes_the_unit_out_of_its_package(self):
        package = self.env["stock.package"].create({"name": "K1"})
        phone = self.receive(self.phone, ["SN9"], result_package_id=package.id)
        self.receipt.move_line_ids.quantity = 0
        events = self.events(phone, event_type="AggregationEvent")
        self.assertEqual(events.sorted("id").mapped("action"), ["ADD", "DELETE"])

    def test_new_unit_of_measure_of_a_product_moves_nothing(self):
        lot = self.receive(self.cable, ["LOT1"], quantity=5)
        before = self.env["serial.event"].search_count([])
        self.cable.product_tmpl_id.uom_id = self.env.ref("uom.product_uom_dozen")
        self.assertEqual(self.env["serial.event"].search_count([]), before)
        self.assertEqual(self.events(lot).line_ids.quantity, 5)
