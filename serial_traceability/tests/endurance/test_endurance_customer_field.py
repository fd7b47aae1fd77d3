from odoo.tests import tagged

from ..throwaway import ThrowawayCase


@tagged("post_install", "-at_install", "-standard", "serial_throwaway")
class TestEnduranceCustomerField(ThrowawayCase):
    """A sealed table with rows gets a column while the database is in use.

    How to run: see :class:`ThrowawayCase`.
    """

    def test_column_is_added_and_events_go_on_and_verify(self):
        receipt = self.prepare_receipt(["FIELD-1"])
        with self.transaction() as env:
            self.validate(env, receipt)
            env["ir.model.fields"].create(
                {
                    "name": "x_note",
                    "model_id": env["ir.model"]._get_id("serial.event"),
                    "ttype": "char",
                    "field_description": "Note",
                }
            )
        receipt = self.prepare_receipt(["FIELD-2"])
        with self.transaction() as env:
            self.validate(env, receipt)
            events = env["serial.event"].search([])
            self.assertEqual(set(events.mapped("x_note")), {False})
            self.assertEqual(
                events._recompute_hashes(),
                {event.id: event.record_hash for event in events},
            )
