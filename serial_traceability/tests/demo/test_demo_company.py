from odoo.tests import tagged

from .common import MODULE, DemoCase


@tagged("post_install", "-at_install")
class TestDemoCompany(DemoCase):
    """What the demo company bought and sold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls.env["product.product"].union(
            *(
                cls.env.ref(f"{MODULE}.product_demo_{name}")
                for name in ("nova_5", "nova_5_pro", "chrono_diver", "cardiolex")
            )
        )
        # Those of a batch: watches with numbers of our own have none.
        cls.serials = cls.env["stock.lot"].search(
            [("product_id", "in", cls.products.ids), ("batch_id", "!=", False)]
        )

    def _role(self, name):
        return self.env.ref(f"{MODULE}.user_demo_{name}")

    def test_products_have_the_gtins_of_the_delivery(self):
        self.assertRecordValues(
            self.products,
            [
                {"name": "Nova 5 phone", "barcode": "09520001100017"},
                {"name": "Nova 5 Pro phone", "barcode": "09520001100024"},
                {"name": "Chrono Diver watch", "barcode": "09520001200014"},
                {"name": "Cardiolex 20 mg, 28 tablets", "barcode": "09520001300011"},
            ],
        )

    def test_sixty_serials_of_three_batches_have_a_history(self):
        self.assertEqual(len(self.serials), 60)
        self.assertEqual(set(self.serials.mapped("has_history")), {True})
        self.assertEqual(
            {batch.name: batch.lot_count for batch in self.serials.batch_id},
            {"B16C": 30, "CD-0412": 12, "CX8": 18},
        )

    def test_every_serial_has_an_epc_of_the_company_prefix(self):
        self.assertTrue(
            all(
                uri.startswith("urn:epc:id:sgtin:952000.")
                for uri in self.serials.mapped("epc_uri")
            )
        )

    def test_serials_are_where_their_last_event_left_them(self):
        found = dict(
            self.env["stock.quant"]._read_group(
                [("lot_id", "in", self.serials.ids), ("quantity", ">", 0)],
                ["location_id"],
                ["quantity:sum"],
            )
        )
        customers = self.env.ref("stock.stock_location_customers")
        self.assertEqual(found[customers], 25)
        self.assertEqual(sum(found.values()), 60)
        quants = self.serials.quant_ids.filtered(
            lambda quant: quant.quantity > 0 and quant.location_id == customers
        )
        sold = quants.lot_id
        # The medicines among them are recalled.
        on_the_way = sold.filtered(lambda lot: lot.disposition == "in_transit")
        self.assertEqual((len(sold), len(on_the_way)), (25, 15))

    def test_the_past_was_made_by_all_kinds_of_movements(self):
        events = self.serials.event_line_ids.event_id
        self.assertLessEqual(
            {
                "receipt",
                "putaway",
                "delivery",
                "customer_return",
                "scrap",
                "count_loss",
                "count_found",
                "correction",
            },
            set(events.mapped("movement")),
        )
        self.assertIn("AggregationEvent", events.mapped("event_type"))
        self.assertFalse(any(events.mapped("imported")))

    def test_events_name_the_users_whose_job_it_was(self):
        events = self.serials.event_line_ids.event_id
        doers = {event.movement: event.user_id for event in events if event.movement}
        self.assertEqual(doers["receipt"], self._role("operator"))
        self.assertEqual(doers["delivery"], self._role("operator"))
        self.assertEqual(doers["count_loss"], self._role("administrator"))
        self.assertEqual(doers["correction"], self._role("quality"))

    def test_people_stand_on_the_ledger_by_id_only(self):
        events = self.serials.event_line_ids.event_id
        texts = [
            event[name]
            for event in events
            for name in ("document_name", "origin", "reason")
            if event[name]
        ]
        for role in ("operator", "quality", "service", "administrator"):
            name = self._role(role).name
            self.assertFalse([text for text in texts if name in text])

    def test_the_correction_states_its_reason(self):
        event = self.serials.event_line_ids.event_id.filtered(
            lambda event: event.event_type == "change"
        )
        self.assertEqual(event.line_ids.field_name, "name")
        self.assertEqual(event.line_ids.new_value, event.line_ids.lot_id.name)
        self.assertIn("misread", event.reason)

    def test_a_receipt_awaits_the_big_delivery(self):
        receipt = self.env.ref(f"{MODULE}.demo_receipt")
        self.assertEqual(receipt.origin, "Delivery of 1,100 units")
        self.assertEqual(receipt.state, "assigned")
        self.assertTrue(receipt.partner_id)
        self.assertEqual(
            {move.product_id: move.product_uom_qty for move in receipt.move_ids},
            dict(zip(self.products, (1000, 20, 20, 60), strict=True)),
        )

    def test_headphones_on_two_shelves_are_being_numbered(self):
        stocktake = self.env.ref(f"{MODULE}.demo_stocktake")
        self.assertRecordValues(
            stocktake,
            [
                {
                    "state": "collecting",
                    "quantity": 12,
                    "number_count": 8,
                    "missing_count": 4,
                }
            ],
        )
        self.assertEqual(stocktake.product_tmpl_id.tracking, "none")

    def test_each_role_has_its_group_and_no_other(self):
        groups = {
            "operator": "operator",
            "quality": "quality_manager",
            "service": "service",
            "auditor": "auditor",
            "administrator": "administrator",
        }
        manager = f"{MODULE}.group_serial_quality_manager"
        for role, group in groups.items():
            user = self._role(role)
            self.assertEqual(user.login, role)
            self.assertTrue(user.has_group(f"{MODULE}.group_serial_{group}"))
            corrects = role in ("quality", "administrator")
            self.assertEqual(user.has_group(manager), corrects, role)

    def test_building_it_again_changes_nothing(self):
        events = self.env["serial.event"].search_count([])
        self.env["serial.demo"]._build()
        self._load()
        self.assertEqual(self.env["serial.event"].search_count([]), events)
