from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import SerialCase

NOTE = "Came with a certificate"


@tagged("post_install", "-at_install")
class TestEnduranceBatch(SerialCase):
    """Core merges manufacturers of which each has a batch of the same number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survivor = cls.env["res.partner"].create({"name": "Maker Group"})
        cls.kept = cls.create_batch(cls.survivor)
        cls.dropped = cls.create_batch(
            cls.supplier,
            expiration_date="2030-01-31",
            country_id=cls.env.ref("base.be"),
        )
        cls.lots = cls.receive(cls.pack, ["M1", "M2"], serial_batch_id=cls.dropped.id)

    @classmethod
    def create_batch(cls, manufacturer, name="B1", **values):
        values = {
            key: value.id if hasattr(value, "id") else value
            for key, value in values.items()
        }
        return cls.env["serial.batch"].create(
            {
                "name": name,
                "product_id": cls.pack.id,
                "manufacturer_id": manufacturer.id,
                **values,
            }
        )

    def merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {
                "state": "selection",
                "partner_ids": [(6, 0, (self.supplier | self.survivor).ids)],
                "dst_partner_id": self.survivor.id,
            }
        )
        with mute_logger("odoo.models.unlink"):
            wizard.action_merge()
        self.env.invalidate_all()

    def test_batches_of_one_number_become_one(self):
        self.dropped.message_post(body=NOTE)
        self.merge()
        self.assertFalse(self.dropped.exists())
        self.assertEqual(self.lots.batch_id, self.kept)
        self.assertEqual(self.receipt.move_line_ids.serial_batch_id, self.kept)
        self.assertEqual(self.kept.manufacturer_id, self.survivor)
        bodies = " ".join(self.kept.message_ids.mapped("body"))
        self.assertIn("Came with a certificate", bodies)

    def test_what_only_the_dropped_batch_says_is_kept(self):
        self.merge()
        self.assertEqual(str(self.kept.expiration_date), "2030-01-31")
        self.assertEqual(self.kept.country_id, self.env.ref("base.be"))

    def test_serials_with_history_tell_of_it(self):
        self.merge()
        events = self.events(self.lots, event_type="change")
        self.assertEqual(
            set(events.mapped("reason")),
            {"its manufacturer was merged with another one"},
        )
        lines = events.line_ids.filtered(lambda line: line.field_name == "batch_id")
        self.assertEqual(set(lines.mapped("lot_name")), {"M1", "M2"})
        self.assertEqual(
            events._recompute_hashes(),
            {event.id: event.record_hash for event in events},
        )

    def test_batches_of_other_numbers_stay_apart(self):
        other = self.create_batch(self.supplier, name="B2")
        self.merge()
        self.assertEqual(other.manufacturer_id, self.survivor)

    def test_dates_that_contradict_each_other_stop_the_merge(self):
        self.kept.expiration_date = "2031-01-31"
        with self.assertRaisesRegex(
            UserError, r"B1 \(Medicine\) differ in their dates.*correct the date of one"
        ):
            self.merge()
        self.assertTrue(self.dropped.exists())

    def test_all_contradictions_are_named_and_nothing_is_merged(self):
        agreeing = [
            self.create_batch(maker, name="B0")
            for maker in (self.survivor, self.supplier)
        ]
        for maker, day in (
            (self.survivor, "2026-01-01"),
            (self.supplier, "2026-01-02"),
        ):
            self.create_batch(maker, name="B2", production_date=day)
        self.kept.expiration_date = "2031-01-31"
        with self.assertRaisesRegex(UserError, r"B1 \(Medicine\), B2 \(Medicine\)"):
            self.merge()
        self.assertTrue(all(batch.exists() for batch in agreeing))
        self.assertTrue(self.supplier.exists())
        self.assertEqual(self.dropped.manufacturer_id, self.supplier)
        self.assertFalse(
            self.env["serial.party.alias"].search(
                [("old_res_id", "=", self.supplier.id)]
            )
        )
