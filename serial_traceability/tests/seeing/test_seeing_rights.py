from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestSeeingRights(SerialCase):
    """Which screens open for whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.receive(cls.phone, ["S-1"])
        cls.deliver(cls.lot)
        cls.cables = cls.receive(cls.cable, ["L-1"], quantity=5)
        cls.readers = (
            cls.operator | cls.service | cls.auditor | cls.quality_manager
            | cls.administrator
        )  # fmt: skip

    def open_form(self, record, user):
        # Nothing that another user's request has computed may help this one.
        self.env.invalidate_all()
        return Form(record.with_user(user))

    def read_list(self, model, user, view):
        """Read what a list shows to the user, as the web client does."""
        records = self.env[model].with_user(user)
        arch = etree.fromstring(records.get_view(self.env.ref(view).id, "list")["arch"])
        names = arch.xpath("//field/@name")
        fields = {
            name: {"fields": {"display_name": {}}}
            if records._fields[name].relational
            else {}
            for name in names
        }
        self.env.invalidate_all()
        return records.web_search_read([], fields)["records"]

    def test_serial_form_opens_for_every_role(self):
        for user in self.readers:
            with self.subTest(user.login):
                form = self.open_form(self.lot, user)
                self.assertEqual(form.disposition, "in_transit")
                self.assertEqual(form.gtin, "09520001100017")
                self.assertEqual(form.event_count, 2)

    def test_lot_form_opens_for_every_role(self):
        for user in self.readers:
            with self.subTest(user.login):
                self.assertEqual(self.open_form(self.cables, user).event_count, 1)

    def test_documents_of_a_history_open_for_every_role(self):
        scrap = self.env["stock.scrap"].create(
            {"product_id": self.cable.id, "lot_id": self.cables.id, "scrap_qty": 1}
        )
        scrap.action_validate()
        for user in self.readers:
            for entry in self.cables.with_user(user).get_timeline()["entries"]:
                document = entry["document"]
                with self.subTest(user=user.login, document=document["name"]):
                    self.assertTrue(document["id"])
                    record = self.env[document["model"]].browse(document["id"])
                    self.assertTrue(self.open_form(record, user))

    def test_chatter_names_the_customers_to_every_role(self):
        for user in self.readers:
            with self.subTest(user.login):
                self.env.invalidate_all()
                self.assertEqual(self.lot.with_user(user).partner_ids, self.customer)

    def test_plain_stock_user_opens_serials_without_history(self):
        for lot in (self.lot, self.cables):
            form = self.open_form(lot, self.stock_user)
            self.assertEqual(form.name, lot.name)
            self.assertNotIn("event_count", form._view["fields"])
            self.assertNotIn("last_seen_place", form._view["fields"])
            widgets = form._view["tree"].xpath("//widget/@name")
            self.assertNotIn("serial_timeline", widgets)

    def test_plain_stock_user_creates_and_edits_a_new_lot(self):
        form = Form(self.env["stock.lot"].with_user(self.stock_user))
        form.product_id = self.cable
        form.name = "NEW"
        lot = form.save()
        with Form(lot) as form:
            form.name = "NEWER"
        self.assertEqual(lot.name, "NEWER")

    def test_sealed_fields_are_read_only_once_there_is_history(self):
        form = self.open_form(self.lot, self.quality_manager)
        for name in ("name", "ref", "batch_id"):
            with self.assertRaises(AssertionError, msg=name):
                form[name] = False
        fresh = self.env["stock.lot"].create(
            {"name": "FRESH", "product_id": self.phone.id}
        )
        with self.open_form(fresh, self.quality_manager) as form:
            form.name = "FRESHER"
        self.assertEqual(fresh.name, "FRESHER")

    def test_expiry_is_read_only_once_there_is_history(self):
        lot = self.receive(self.pack, ["MED-1"])
        form = self.open_form(lot, self.operator)
        for name in ("expiration_date", "use_date", "removal_date", "alert_date"):
            with self.assertRaises(AssertionError, msg=name):
                form[name] = False

    def test_serial_list_opens_for_every_role_and_the_plain_stock_user(self):
        for user in self.readers | self.stock_user:
            with self.subTest(user.login):
                rows = self.read_list(
                    "stock.lot", user, "stock.view_production_lot_tree"
                )
                self.assertIn("S-1", [row["name"] for row in rows])
        self.assertNotIn("last_seen_by", rows[0])

    def test_batch_form_is_sealed_by_its_serials_history(self):
        batch = self.env["serial.batch"].create(
            {"name": "B", "product_id": self.phone.id}
        )
        with self.open_form(batch, self.operator) as form:
            form.name = "B1"
        self.receive(self.phone, ["S-B"], serial_batch_id=batch.id)
        form = self.open_form(batch, self.quality_manager)
        for name in ("name", "production_date", "expiration_date"):
            with self.assertRaises(AssertionError, msg=name):
                form[name] = False
        self.assertEqual(form.lot_count, 1)

    def test_event_form_opens_for_readers_and_cannot_be_saved(self):
        event = self.events(self.lot)[0]
        form = self.open_form(event, self.auditor)
        self.assertEqual(form.title, "Received from Maker Ltd")
        with self.assertRaises(UserError):
            event.with_user(self.auditor).web_save({"reason": "x"}, {})

    def test_event_list_is_not_for_the_plain_stock_user(self):
        rows = self.read_list(
            "serial.event", self.auditor, "serial_traceability.serial_event_view_list"
        )
        self.assertIn("Shipped to Buyer Inc", [row["title"] for row in rows])
        with self.assertRaises(AccessError):
            self.env["serial.event"].with_user(self.stock_user).web_search_read([], {})

    def test_policy_form_is_for_administrators_to_write(self):
        policy = self.env["serial.policy"].create({"name": "P"})
        with self.open_form(policy, self.administrator) as form:
            form.require_batch = True
        self.assertTrue(policy.require_batch)
        with (
            self.assertRaises(AccessError),
            self.open_form(policy, self.operator) as form,
        ):
            form.require_batch = False

    def test_product_and_category_offer_the_policy(self):
        product_manager = new_test_user(
            self.env, "seeing_product",
            "product.group_product_manager,stock.group_stock_manager,"
            "serial_traceability.group_serial_administrator",
        )  # fmt: skip
        policy = self.env["serial.policy"].create({"name": "P"})
        with self.open_form(self.phone.product_tmpl_id, product_manager) as form:
            form.serial_policy_id = policy
        self.assertEqual(self.phone.product_tmpl_id._get_serial_policy(), policy)
        with self.open_form(
            self.phone.categ_id or self.env["product.category"].create({"name": "C"}),
            product_manager,
        ) as form:
            form.serial_policy_id = policy
        box = self.open_form(self.box.product_tmpl_id, product_manager)
        with self.assertRaises(AssertionError):
            box.serial_policy_id = policy

    def test_portal_user_sees_no_serial_no_event_and_no_batch(self):
        portal = new_test_user(self.env, "seeing_portal", "base.group_portal")
        for model in ("stock.lot", "serial.event", "serial.event.line", "serial.batch"):
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(portal).web_search_read([], {})

    def test_menus_are_for_readers_and_configuration_for_administrators(self):
        def visible(user):
            return self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()

        root = self.env.ref("serial_traceability.menu_serial_root").id
        settings = self.env.ref("serial_traceability.menu_serial_configuration").id
        self.assertIn(root, visible(self.auditor))
        self.assertNotIn(root, visible(self.stock_user))
        self.assertNotIn(settings, visible(self.operator))
        self.assertIn(settings, visible(self.administrator))
