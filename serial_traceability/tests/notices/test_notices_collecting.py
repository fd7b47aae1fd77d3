from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NoticeCase


@tagged("post_install", "-at_install")
class TestNoticesCollecting(NoticeCase):
    def setUp(self):
        super().setUp()
        self.prepare()
        self.collector = self.env["serial.recall.collector"].with_user(
            self.quality_manager
        )

    def end(self, units, outcome, **values):
        units = units.with_user(self.quality_manager)
        self.collector._end(units, outcome, **values)

    def test_return_from_a_customer_is_collected(self):
        back = self.give_back(self.delivery, self.phones[3:6])
        self.assertRecordValues(
            self.units[3:6],
            [{"outcome": "returned", "return_picking_id": back.id}] * 3,
        )
        self.assertFalse(any(self.units[:3].mapped("outcome")))

    def test_notice_of_returned_units_is_answered(self):
        for unit in self.units[:3]:
            unit.answer = "has"
        self.give_back(self.delivery, self.phones[3:6])
        self.assertEqual(self.get_notice(self.customer).state, "answered")

    def test_return_after_the_end_of_the_recall_is_not_collected(self):
        self.recall._note({"state": "closed"})
        self.give_back(self.delivery, self.phones[3:6])
        self.assertFalse(any(self.units.mapped("outcome")))

    def test_return_under_a_mock_recall_is_not_collected(self):
        mock = self._create_recall(kind="mock")
        units = self.add_units(self.phones[3:6], self.branch, recall=mock)
        self.give_back(self.delivery, self.phones[3:6])
        self.assertFalse(any(units.mapped("outcome")))

    def test_part_of_a_lot_that_comes_back_is_counted(self):
        [lot] = self.receive(self.cable, ["L1"], quantity=100)
        delivery = self.deliver(lot, quantity=60)
        unit = self.add_units(lot, self.customer, quantity=60)
        before = self.recall.recovered_quantity
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.operator)
            .create({"picking_id": delivery.id})
        )
        wizard.product_return_moves.quantity = 20
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.validate(back.with_user(self.operator))
        self.assertRecordValues(unit, [{"returned_quantity": 20, "outcome": False}])
        self.recall.invalidate_recordset()
        self.assertEqual(self.recall.recovered_quantity - before, 20)

    def test_ordinary_delivery_asks_nothing(self):
        lots = self.receive(self.phone, ["O1"])
        lines = self.deliver(lots).move_line_ids
        self.collector._collect(lines)
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.collector._collect(lines)

    def test_returns_take_as_many_queries_for_many_units(self):
        counts = []
        for size in (1, 10, 100):
            lots = self.receive(self.phone, [f"Q{size}-{n}" for n in range(size)])
            lines = self.deliver(lots).move_line_ids
            lines = lines.browse(lines.ids)
            units = self.add_units(lots, self.customer)
            collector = self.env["serial.recall.collector"]
            counts.append(self.count_queries(collector._note_returns, lines, units))
        self.assertEqual(counts[1], counts[2])

    # ---- Outcomes ----

    def test_each_outcome_is_on_the_ledger(self):
        for unit, outcome, movement in (
            (self.units[0], "refunded", "recall_refund"),
            (self.units[1], "not_recovered", "recall_lose"),
            (self.units[2], "corrected", "recall_correct"),
            (self.units[3], "returned", "recall_return"),
        ):
            self.end(unit, outcome, note="as agreed")
            [event] = self.events(unit.lot_id, movement=movement)
            self.assertEqual(event.document_res_id, self.recall.id)
            self.assertEqual(event.reason, "Recall RC/1: as agreed")
            self.assertEqual(unit.outcome, outcome)

    def test_destroying_asks_for_a_witness(self):
        for witness in (None, " "):
            with self.assertRaisesRegex(UserError, "who saw the units destroyed"):
                self.end(self.units[0], "destroyed", witness=witness)

    def test_destroyed_serial_ends_its_life(self):
        self.end(self.units[:2], "destroyed", witness="J. Doe, TÜV")
        self.assertTrue(all(self.phones[:2].mapped("retired")))
        self.assertEqual(self.units[0].witness, "J. Doe, TÜV")
        [event] = self.events(self.phones[0], movement="destroy")
        self.assertIn("witnessed by J. Doe", event.reason)

    def test_destroyed_unit_is_nothing_else_any_more(self):
        self.end(self.units[0], "destroyed", witness="J. Doe")
        with self.assertRaisesRegex(UserError, "P1 was destroyed"):
            self.end(self.units[0], "returned")

    def test_corrected_unit_is_free_and_others_stay_held(self):
        reason = self.env.ref("serial_traceability.hold_reason_recall")
        self.env["serial.lock"]._place(self.phones[:2], reason, recall=self.recall)
        self.assertTrue(all(self.phones[:2].mapped("is_locked")))
        self.end(self.units[0], "corrected")
        self.phones.invalidate_recordset()
        self.assertEqual(self.phones[:2].mapped("is_locked"), [False, True])

    def test_who_held_a_unit_does_not_free_it_as_corrected(self):
        reason = self.env.ref("serial_traceability.hold_reason_recall")
        lock = self.env["serial.lock"].with_user(self.quality_manager).sudo()
        lock._place(self.phones[0], reason, recall=self.recall)
        with self.assertRaisesRegex(UserError, "Another quality manager"):
            self.end(self.units[0], "corrected")
        self.assertTrue(self.phones[0].is_locked)

    def test_other_hold_on_a_corrected_unit_stays(self):
        lock = self.env["serial.lock"]
        lock._place(
            self.phones[0],
            self.env.ref("serial_traceability.hold_reason_recall"),
            recall=self.recall,
        )
        lock._place(
            self.phones[0], self.env.ref("serial_traceability.hold_reason_quality")
        )
        self.end(self.units[0], "corrected")
        self.phones.invalidate_recordset()
        self.assertTrue(self.phones[0].is_locked)

    def test_dialog_ends_a_selection(self):
        wizard = (
            self.env["serial.recall.outcome"]
            .with_user(self.quality_manager)
            .with_context(
                active_model="serial.recall.unit", active_ids=self.units[:3].ids
            )
            .create({"outcome": "refunded"})
        )
        self.assertEqual(wizard.unit_count, 3)
        wizard.action_apply()
        self.assertEqual(set(self.units[:3].mapped("outcome")), {"refunded"})

    def test_operator_enters_no_outcome(self):
        with self.assertRaises(AccessError):
            self.env["serial.recall.collector"].with_user(self.operator)._end(
                self.units[0].with_user(self.operator), "returned"
            )
        with self.assertRaises(AccessError):
            self.env["serial.recall.outcome"].with_user(self.operator).create(
                {"outcome": "returned"}
            )

    def test_units_of_another_company_are_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.units.company_id = other
        with self.assertRaises(AccessError):
            self.end(self.units[0], "returned")

    def test_draft_has_no_outcomes(self):
        self.recall._note({"state": "draft"})
        with self.assertRaisesRegex(UserError, "is not running"):
            self.end(self.units[0], "returned")

    def test_queries_of_outcomes_do_not_grow_with_the_units(self):
        counts = []
        for size in (1, 10, 100):
            lots = self.receive(self.phone, [f"E{size}-{n}" for n in range(size)])
            units = self.add_units(lots, self.customer)
            counts.append(self.count_queries(self.end, units, "refunded"))
        self.assertEqual(counts[1], counts[2])

    # ---- Quarantine ----

    def test_returned_units_are_brought_to_quarantine(self):
        place = self.env["stock.location"].create(
            {
                "name": "Quarantine",
                "location_id": self.stock_location.id,
                "serial_keeping": "quarantine",
                "company_id": self.company.id,
            }
        )
        self.give_back(self.delivery, self.phones[3:6])
        action = self.recall.with_user(self.quality_manager).action_quarantine()
        picking = self.env["stock.picking"].search(action["domain"])
        self.assertEqual(picking.move_line_ids.lot_id, self.phones[3:6])
        with self.assertRaisesRegex(UserError, "None of these units"):
            self.recall.with_user(self.quality_manager).action_quarantine()
        self.validate(picking)
        self.assertEqual(self.phones[3].location_id, place)

    def test_without_quarantine_the_screen_says_what_to_do(self):
        self.env["stock.location"].search([]).serial_keeping = False
        with self.assertRaisesRegex(UserError, "Mark a location"):
            self.recall.with_user(self.quality_manager).action_quarantine()
