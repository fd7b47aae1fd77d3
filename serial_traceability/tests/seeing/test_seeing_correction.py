from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestSeeingCorrection(SerialCase):
    """The wizard that corrects serials and batches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch = cls.env["serial.batch"].create(
            {"name": "B-1", "product_id": cls.pack.id, "expiration_date": "2030-01-31"}
        )
        cls.lots = cls.receive(cls.pack, ["W-1", "W-2"], serial_batch_id=cls.batch.id)
        cls.lot = cls.lots[0]

    def wizard(self, records, user=None):
        return Form(
            self.env["serial.correction"]
            .with_user(user or self.quality_manager)
            .with_context(active_model=records._name, active_ids=records.ids)
        )

    def test_number_of_one_serial_is_corrected_with_a_reason(self):
        form = self.wizard(self.lot)
        self.assertEqual(form.name, "W-1")
        form.name = "W-9"
        form.reason = "misread"
        form.save().action_apply()
        self.assertEqual(self.lot.name, "W-9")
        event = self.events(self.lot, event_type="change")
        self.assertRecordValues(event, [{"reason": "misread"}])
        self.assertRecordValues(
            event.line_ids,
            [{"field_name": "name", "old_value": "W-1", "new_value": "W-9"}],
        )

    def test_wizard_is_not_saved_without_a_reason(self):
        form = self.wizard(self.lot)
        form.name = "W-9"
        with self.assertRaises(AssertionError):
            form.save()

    def test_blank_reason_is_refused(self):
        form = self.wizard(self.lot)
        form.name = "W-9"
        form.reason = "   "
        with self.assertRaisesRegex(UserError, "without a reason"):
            form.save().action_apply()

    def test_nothing_different_is_refused(self):
        form = self.wizard(self.lot)
        form.reason = "misread"
        with self.assertRaisesRegex(UserError, "Nothing is different"):
            form.save().action_apply()

    def test_several_serials_get_what_is_filled_in_and_keep_the_rest(self):
        other = self.env["serial.batch"].create(
            {"name": "B-2", "product_id": self.pack.id, "expiration_date": "2031-01-31"}
        )
        form = self.wizard(self.lots)
        self.assertFalse(form.batch_id)
        form.batch_id = other
        form.reason = "wrong pallet"
        form.save().action_apply()
        self.assertEqual(self.lots.batch_id, other)
        self.assertEqual(self.lots.mapped("name"), ["W-1", "W-2"])
        dates = {lot.expiration_date.date().isoformat() for lot in self.lots}
        self.assertEqual(dates, {"2031-01-31"})

    def test_batch_is_corrected_and_its_serials_are_told(self):
        form = self.wizard(self.batch)
        self.assertEqual(form.batch_name, "B-1")
        form.batch_name = "B-1A"
        form.reason = "typing error"
        form.save().action_apply()
        self.assertEqual(self.batch.name, "B-1A")
        titles = {
            entry["title"]
            for lot in self.lots.with_user(self.auditor)
            for entry in lot.get_timeline(limit=1)["entries"]
        }
        self.assertEqual(
            titles, {"Batch Number corrected: B-1 → B-1A, because typing error"}
        )

    def test_manufacturer_of_a_batch_is_corrected_and_what_is_the_same_is_not(self):
        form = self.wizard(self.batch)
        form.manufacturer_id = self.supplier
        form.reason = "from the label"
        form.save().action_apply()
        self.assertEqual(self.batch.manufacturer_id, self.supplier)
        lines = self.events(self.lots, event_type="change").line_ids
        self.assertEqual(set(lines.mapped("field_name")), {"batch_id.manufacturer_id"})

    def test_wizard_is_for_quality_managers(self):
        for user in (self.operator, self.service, self.auditor, self.stock_user):
            with self.assertRaises(AccessError, msg=user.login):
                self.wizard(self.lot, user)

    def test_applying_another_user_s_wizard_is_refused(self):
        form = self.wizard(self.lot)
        form.name = "W-9"
        form.reason = "misread"
        with self.assertRaises(AccessError):
            form.save().with_user(self.operator).action_apply()
        self.assertEqual(self.lot.name, "W-1")

    def test_operator_cannot_correct_a_batch_by_a_call(self):
        with self.assertRaises(AccessError):
            self.batch.with_user(self.operator).correct({"name": "X"}, "because")
