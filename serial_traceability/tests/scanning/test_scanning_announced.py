from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import ScanCase, symbol


@tagged("post_install", "-at_install")
class TestScanningAnnounced(ScanCase):
    """Serials that a supplier announced, checked off as they come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls.open_receipt((cls.phone, 3))

    def announce(self, *names, **label):
        texts = [symbol(name, **label) for name in names]
        scan_import = self.read_import(self.picking, *texts, announce=True)
        scan_import.action_apply()
        return self.picking.announced_ids

    def states(self, picking=None):
        rows = (picking or self.picking).announced_ids
        return {row.name: row.state for row in rows}

    def test_an_announcement_is_a_list_on_the_receipt(self):
        rows = self.announce("A1", "A2", batch="B1", expiry="280131")
        self.assertRecordValues(
            rows.sorted("name"),
            [
                {"name": "A1", "batch_number": "B1", "state": "expected"},
                {"name": "A2", "batch_number": "B1", "state": "expected"},
            ],
        )
        self.assertFalse(self.picking.move_line_ids.filtered("lot_name"))
        self.assertEqual(self.picking.announced_count, 2)

    def test_a_serial_is_announced_once(self):
        self.announce("A1")
        scan_import = self.read_import(self.picking, symbol("A1"), announce=True)
        self.assertEqual(scan_import.line_ids.verdict, "already_announced")

    def test_what_came_before_it_was_announced_is_surplus_no_longer(self):
        self.announce("A1")
        self.scan_in(self.picking, symbol("X1"))
        self.assertEqual(self.states(), {"A1": "expected", "X1": "surplus"})
        self.announce("X1")
        self.assertEqual(self.states(), {"A1": "expected", "X1": "scanned"})

    def test_what_is_scanned_is_checked_off(self):
        self.announce("A1", "A2")
        self.scan_in(self.picking, symbol("A1"))
        self.assertEqual(self.states(), {"A1": "scanned", "A2": "expected"})
        self.assertRecordValues(
            self.picking,
            [{"announced_arrived_count": 1, "announced_missing_count": 1}],
        )

    def test_a_validated_receipt_tells_missing_and_surplus(self):
        self.announce("A1", "A2")
        self.scan_in(self.picking, symbol("A1"), symbol("X1"))
        self.assertEqual(self.states()["X1"], "surplus")
        self.picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=self.picking.ids
        ).button_validate()
        self.assertEqual(
            self.states(), {"A1": "received", "A2": "missing", "X1": "surplus"}
        )
        self.assertRecordValues(
            self.picking,
            [
                {
                    "announced_count": 2,
                    "announced_arrived_count": 1,
                    "announced_missing_count": 1,
                    "announced_surplus_count": 1,
                }
            ],
        )

    def test_what_did_not_come_is_expected_on_the_backorder(self):
        self.announce("A1", "A2")
        self.scan_in(self.picking, symbol("A1"))
        self.picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(self.states(), {"A1": "received"})
        self.assertEqual(self.states(self.picking.backorder_ids), {"A2": "expected"})

    def test_serials_typed_by_hand_are_checked_off_too(self):
        self.announce("A1")
        self.picking.move_line_ids[0].lot_name = "A1"
        self.picking.move_line_ids[0].picked = True
        self.picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(self.states(), {"A1": "received"})

    def test_a_cancelled_receipt_misses_everything(self):
        self.announce("A1")
        self.picking.action_cancel()
        self.assertEqual(self.states(), {"A1": "missing"})

    def test_the_policy_decides_on_the_unannounced(self):
        self.announce("A1")
        policy = self.env["serial.policy"].create({"name": "Strict"})
        self.phone.serial_policy_id = policy
        for rule, verdict in (
            ("accept", "ok"),
            ("warn", "not_expected"),
            ("refuse", "not_expected"),
        ):
            policy.unexpected_serial = rule
            (result,) = self.resolve(self.picking, symbol("X1"))
            self.assertEqual(result["verdict"], verdict)
        self.assertEqual(result["level"], "wrong")

    def require_announcement(self):
        self.phone.serial_policy_id = self.env["serial.policy"].create(
            {"name": "Announced", "numbered_by": "announced"}
        )

    def test_a_supplier_who_must_announce_brings_nothing_else(self):
        self.require_announcement()
        (result,) = self.resolve(self.picking, symbol("A1"))
        self.assertEqual(
            (result["level"], result["verdict"]), ("wrong", "not_expected")
        )
        self.announce("A1")
        results = self.resolve(self.picking, symbol("A1"), symbol("X1"))
        self.assertEqual(
            [(each["level"], each["verdict"]) for each in results],
            [("good", "ok"), ("wrong", "not_expected")],
        )

    def receive_announced(self):
        """Receive three announced phones by typing; return the lines."""
        self.require_announcement()
        self.announce("A1", "A2", "A3")
        lines = self.picking.move_line_ids
        for line, name in zip(lines, ("A1", "A2", "A3"), strict=True):
            line.lot_name = name
        self.validate(self.picking)
        return lines

    def test_what_is_typed_and_not_announced_is_refused_too(self):
        self.require_announcement()
        self.announce("A1", "A2", "A3")
        lines = self.picking.move_line_ids
        for line, name in zip(lines, ("A1", "A2", "X3"), strict=True):
            line.lot_name = name
        with (
            self.assertRaisesRegex(ValidationError, "X3 of Phone is not on the list"),
            self.env.cr.savepoint(),
        ):
            self.validate(self.picking)
        self.assertFalse(self.env["stock.lot"].search([("name", "=", "X3")]))

    def test_what_is_typed_and_announced_is_received(self):
        self.receive_announced()
        self.assertEqual(self.picking.state, "done")
        self.assertEqual(set(self.states().values()), {"received"})

    def test_a_done_receipt_is_corrected_by_a_quality_manager_alone(self):
        line = self.receive_announced()[2]
        other = self.env["stock.lot"].create(
            {"name": "X3", "product_id": self.phone.id}
        )
        with (
            self.assertRaisesRegex(ValidationError, "X3 of Phone is not on the list"),
            self.env.cr.savepoint(),
        ):
            line.with_user(self.operator).lot_id = other
        line.with_user(self.quality_manager).lot_id = other
        self.assertEqual(line.lot_id, other)

    def test_returns_and_transfers_need_no_announcement(self):
        lot = self.receive(self.phone, ["A1"])
        self.require_announcement()
        shelf = self.stock_location.copy({"name": "Shelf"})
        delivery = self.deliver(lot)
        self.assertEqual(self.give_back(delivery, lot).state, "done")
        moved = self.move(lot, self.warehouse.int_type_id, self.stock_location, shelf)
        self.assertEqual(moved.state, "done")

    def test_what_has_not_come_can_be_withdrawn(self):
        rows = self.announce("A1", "A2")
        self.scan_in(self.picking, symbol("A1"))
        rows.with_user(self.operator).action_withdraw()
        self.assertEqual(self.states(), {"A1": "scanned"})

    def test_the_list_is_written_by_no_one_directly(self):
        rows = self.announce("A1")
        for user in (self.operator, self.administrator, self.stock_user):
            own = rows.with_user(user)
            self.assertEqual(own.name, "A1")
            with self.assertRaises(AccessError):
                own.write({"state": "received"})
            with self.assertRaises(AccessError):
                own.unlink()
            with self.assertRaises(AccessError):
                own.create({"picking_id": self.picking.id, "name": "X"})

    def test_withdrawing_is_for_operators(self):
        rows = self.announce("A1")
        for user in (self.auditor, self.stock_user):
            with self.assertRaises(AccessError):
                rows.with_user(user).action_withdraw()

    def test_another_company_does_not_see_the_list(self):
        rows = self.announce("A1")
        other = self.env["res.company"].create({"name": "Other"})
        self.operator.write({"company_ids": [(4, other.id)], "company_id": other.id})
        operator = rows.with_user(self.operator).with_context(
            allowed_company_ids=other.ids
        )
        self.assertFalse(operator.search([("id", "in", rows.ids)]))
