from odoo.tests import tagged

from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestLifecycle(SerialCase):
    """Stages of a number's life stand on the ledger beside the movements."""

    def _record(self, lots, stage, **values):
        lifecycle = self.env["serial.lifecycle"]
        events = self.env["serial.event"].browse(
            lifecycle._record(lots, stage, **values)
        )
        lots.invalidate_recordset()
        return events

    def test_a_stage_is_one_event_at_the_place_of_the_units(self):
        lots = self.receive(self.phone, ["L-1", "L-2"])
        event = self._record(lots, "encode", reason="the label was torn")
        self.assertRecordValues(
            event,
            [
                {
                    "event_type": "ObjectEvent",
                    "action": "OBSERVE",
                    "movement": "encode",
                    "biz_step": "encoding",
                    "disposition": False,
                    "source_location_res_id": self.stock_location.id,
                    "destination_location_res_id": 0,
                    "reason": "the label was torn",
                    "unit_count": 2,
                }
            ],
        )
        self.assertRecordValues(
            event.line_ids.sorted("sequence"),
            [
                {"lot_id": lot.id, "lot_name": lot.name, "role": "unit", "quantity": 1}
                for lot in lots
            ],
        )
        self.assertEqual(event._recompute_hashes(), {event.id: event.record_hash})

    def test_a_stage_without_disposition_leaves_state_and_custodian(self):
        lot = self.receive(self.phone, ["L-1"])
        self.deliver(lot)
        before = (lot.disposition, lot.custodian_id)
        event = self._record(lot, "encode")
        self.assertEqual((lot.disposition, lot.custodian_id), before)
        self.assertEqual(lot.last_event_id, event)

    def test_the_end_of_a_life_changes_the_disposition_and_not_the_custodian(self):
        lot = self.receive(self.phone, ["L-1"])
        self.deliver(lot)
        self._record(lot, "destroy", document=self.customer)
        self.assertEqual(lot.disposition, "destroyed")
        self.assertEqual(lot.custodian_id, self.customer)
        self.assertEqual(lot.last_event_id.document_name, self.customer.display_name)

    def test_units_in_two_places_are_two_events(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        lots = self.receive(self.phone, ["L-1"])
        lots += self.receive(self.phone, ["L-2"], destination=shelf)
        events = self._record(lots, "encode")
        self.assertEqual(
            set(events.mapped("source_location_res_id")),
            {self.stock_location.id, shelf.id},
        )

    def test_a_lot_is_named_without_a_quantity(self):
        lot = self.receive(self.cable, ["B-1"], quantity=50)
        event = self._record(lot, "encode")
        self.assertRecordValues(
            event.line_ids, [{"role": "quantity", "quantity": 0, "lot_name": "B-1"}]
        )

    def test_the_import_of_the_past_keeps_what_a_stage_said(self):
        lot = self.receive(self.phone, ["L-1"])
        self.deliver(lot)
        self._record(lot, "destroy")
        self._record(lot, "encode")
        self.env.cr.execute(
            "UPDATE stock_lot SET disposition = NULL, custodian_res_id = NULL "
            "WHERE id = %s",
            [lot.id],
        )
        self.env["serial.history.import"]._get_job()._import_states(lot.ids)
        lot.invalidate_recordset()
        self.assertEqual(lot.disposition, "destroyed")
        self.assertEqual(lot.custodian_id, self.customer)

    def test_the_history_says_what_happened_and_why(self):
        lot = self.receive(self.phone, ["L-1"])
        self._record(lot, "destroy", reason="burnt")
        entry = lot.with_user(self.auditor).get_timeline()["entries"][0]
        self.assertEqual(entry["title"], "Destroyed, because burnt")

    def test_queries_do_not_grow_with_the_units(self):
        lots = self.receive(self.phone, [f"L-{number}" for number in range(100)])
        counts = []
        for units in (1, 10, 100):
            self._record(lots[:1], "encode")
            counts.append(
                self.count_queries(
                    self.env["serial.lifecycle"]._record, lots[:units], "encode"
                )
            )
        self.assertEqual(len(set(counts)), 1, counts)
        self.assertLessEqual(counts[0], 8)
