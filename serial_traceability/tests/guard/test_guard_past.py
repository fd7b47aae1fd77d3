from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...const import CHANGE_REASON
from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestGuardPast(SerialCase):
    """Serials that were moved before the addon came, and whose past is not told yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        movements = cls.env.registry["serial.movement"]
        with patch.object(movements, "_record", lambda *arguments: []):
            cls.lots = cls.receive(cls.phone, ["P1", "P2"])
        cls.lot = cls.lots[0].with_user(cls.quality_manager)
        cls.batch = cls.env["serial.batch"].create(
            {"name": "B1", "product_id": cls.phone.id}
        )

    def test_nothing_is_told_of_them(self):
        self.assertFalse(self.events(self.lots))
        self.assertEqual(self.lots.mapped("has_history"), [True, True])

    def test_renaming_needs_a_reason_and_the_right(self):
        with self.assertRaisesRegex(UserError, "^P1 already has a history"):
            self.lot.name = "P9"
        with self.assertRaises(AccessError):
            self.lot.with_user(self.operator).correct({"name": "P9"}, "Misread")
        self.assertEqual(self.lot.name, "P1")

    def test_deleting_is_refused(self):
        with self.assertRaisesRegex(UserError, "^P1 already has a history"):
            self.lots[0].unlink()

    def test_correction_tells_the_past_under_the_old_number_first(self):
        self.lot.correct({"name": "P9"}, "Misread")
        events = self.events(self.lot)
        self.assertRecordValues(
            events,
            [
                {"movement": "receipt", "imported": True, "reason": False},
                {"movement": "correction", "imported": False, "reason": "Misread"},
            ],
        )
        self.assertEqual(events.line_ids.sorted("id").mapped("lot_name"), ["P1", "P9"])
        self.assertFalse(self.events(self.lots[1]))

    def test_import_tells_the_rest_and_nothing_twice(self):
        self.lot.correct({"name": "P9"}, "Misread")
        job = self.env["serial.history.import"]._get_job()
        job.state = "running"
        while job.state == "running":
            job._import_batch()
        self.assertEqual(len(self.events(self.lot)), 2)
        self.assertEqual(len(self.events(self.lots[1])), 1)

    def test_correction_of_a_batch_tells_the_past_of_its_serials_first(self):
        # As a database has it whose serials got their batch before they were told.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_lot SET batch_id = %s WHERE id IN %s",
            (self.batch.id, tuple(self.lots.ids)),
        )
        self.env.invalidate_all()
        self.assertTrue(self.batch.has_history)
        with self.assertRaises(UserError):
            self.batch.with_user(self.quality_manager).name = "B2"
        self.batch.with_user(self.quality_manager).correct({"name": "B2"}, "Misprint")
        lines = self.events(self.lots, imported=True).line_ids
        self.assertEqual(lines.mapped("batch_number"), ["B1", "B1"])

    def test_what_is_not_sealed_tells_nothing(self):
        self.lot.with_context(**{CHANGE_REASON: "Dented"}).note = "Box is dented"
        self.lot.correct({"name": "P1"}, "Misread")
        self.assertFalse(self.events(self.lots))
