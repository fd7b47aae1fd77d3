from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tests.common import HttpCase

from ..json2 import Json2Mixin
from .common import IdentifierCase


@tagged("post_install", "-at_install")
class TestIdentifiersGtin(IdentifierCase):
    """GTINs given to products, each once."""

    def test_products_get_the_next_free_gtins(self):
        given = self.give(self.cable, self.box)
        self.assertEqual(
            given, {self.cable: "9520009000005", self.box: "9520009000012"}
        )
        self.assertEqual(self.cable.barcode, "9520009000005")
        self.assertRecordValues(
            self.row("09520009000005"),
            [
                {
                    "product_id": self.cable.id,
                    "product_name": "Cable",
                    "level": "each",
                    "origin": "given",
                    "in_use": True,
                    "item_reference": 0,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertRecordValues(
            self.prefix,
            [{"used_count": 2, "free_count": 99998, "next_reference": 2}],
        )

    def test_barcodes_of_products_count_as_used(self):
        self.cable.barcode = "09520009000005"
        self.env["product.uom"].create(
            {
                "product_id": self.cable.id,
                "uom_id": self.case_unit.id,
                "barcode": "19520009000019",
            }
        )
        self.assertEqual(self.give(self.box), {self.box: "9520009000029"})
        self.assertEqual(self.prefix.used_count, 3)

    def test_barcodes_from_before_the_prefix_count_as_used(self):
        archived = self.product("Gone", barcode="9520008000006", active=False)
        prefix = self.prefixes.create({"name": "9520008"})
        self.assertEqual(self.row("09520008000006").product_id, archived)
        self.assertEqual(
            self.give(self.box, prefix=prefix), {self.box: "9520008000013"}
        )

    def test_a_gtin_is_never_given_again(self):
        self.give(self.cable)
        self.cable.barcode = False
        self.assertEqual(self.give(self.box), {self.box: "9520009000012"})
        self.prefix.next_reference = 0
        self.assertEqual(self.give(self.cable), {self.cable: "9520009000029"})

    def test_the_gtin_of_a_deleted_product_stays_used(self):
        product = self.product("Short-lived")
        self.give(product)
        product.unlink()
        row = self.row("09520009000005")
        self.assertRecordValues(
            row, [{"product_id": False, "product_name": "Short-lived", "in_use": False}]
        )
        self.prefix.next_reference = 0
        self.assertEqual(self.give(self.box), {self.box: "9520009000012"})

    def test_the_counter_goes_round(self):
        self.prefix.next_reference = 99999
        given = self.give(self.cable, self.box)
        self.assertEqual(given[self.cable], "9520009999996")
        self.assertEqual(given[self.box], "9520009000005")

    def test_a_prefix_that_starts_with_zero_gives_gtins_of_twelve_digits(self):
        prefix = self.prefixes.create({"name": "0614141"})
        (barcode,) = self.give(self.box, prefix=prefix).values()
        self.assertEqual(barcode, "614141000005")

    def test_in_use_can_be_searched(self):
        self.give(self.cable, self.box)
        self.cable.barcode = False
        rows = self.prefix.gtin_ids
        used = rows.search([("in_use", "=", True), ("prefix_id", "=", self.prefix.id)])
        self.assertEqual(used.product_id, self.box)
        idle = rows.search([("in_use", "=", False), ("prefix_id", "=", self.prefix.id)])
        self.assertEqual(idle.product_id, self.cable)

    # ---- Refusals ----

    def test_a_product_with_a_barcode_gets_none(self):
        with self.assertRaisesRegex(UserError, "Phone already has the barcode 0952000"):
            self.give(self.box, self.phone)
        self.assertFalse(self.box.barcode)

    def test_a_prefix_that_is_used_up_gives_none(self):
        prefix = self.prefixes.create({"name": "952000812345"})
        self.give(self.cable, prefix=prefix)
        self.assertEqual(self.cable.barcode, "9520008123453")
        self.assertEqual(prefix.free_count, 0)
        with self.assertRaisesRegex(
            UserError, "952000812345 is used up: each of its 1"
        ):
            self.give(self.box, prefix=prefix)

    def test_a_prefix_of_a_partner_gives_none(self):
        prefix = self.prefixes.create(
            {"name": "4012345", "company_id": False, "partner_id": self.supplier.id}
        )
        with self.assertRaisesRegex(UserError, "licensed to Maker Ltd, who alone"):
            self.give(self.box, prefix=prefix)

    def test_a_product_of_another_company_gets_none(self):
        self.administrator.company_ids |= self.other_company
        product = self.product("Theirs", company_id=self.other_company.id)
        prefix = self.prefix.with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        with self.assertRaisesRegex(UserError, "Theirs belongs to Sister Ltd"):
            self.give(product, prefix=prefix)

    def test_two_products_cannot_have_one_gtin(self):
        self.cable.barcode = "9520009000005"
        message = "already is the barcode of Cable. Two products cannot have one GTIN"
        with (
            self.assertRaisesRegex(ValidationError, message),
            self.env.cr.savepoint(),
        ):
            self.box.barcode = "09520009000005"
        with self.assertRaisesRegex(ValidationError, message):
            self.env["product.uom"].create(
                {
                    "product_id": self.box.id,
                    "uom_id": self.case_unit.id,
                    "barcode": "09520009000005",
                }
            )

    def test_two_products_cannot_have_one_gtin_when_created_at_once(self):
        message = "already is the barcode of One. Two products cannot have one GTIN"
        with (
            self.assertRaisesRegex(ValidationError, message),
            self.env.cr.savepoint(),
        ):
            self.env["product.product"].create(
                [
                    {"name": "One", "barcode": "9520009000005"},
                    {"name": "Another", "barcode": "9520009000012"},
                    {"name": "Two", "barcode": "09520009000005"},
                ]
            )
        self.assertFalse(self.prefix.gtin_ids)

    def test_two_products_cannot_have_one_gtin_when_imported_at_once(self):
        answer = self.env["product.product"].load(
            ["name", "barcode"],
            [["One", "9520009000005"], ["Two", "09520009000005"]],
        )
        self.assertFalse(answer["ids"])
        self.assertIn("Two products cannot have one GTIN", str(answer["messages"]))

    def test_two_packagings_cannot_have_one_gtin_when_created_at_once(self):
        with self.assertRaisesRegex(ValidationError, "the barcode of Cable. Two"):
            self.env["product.uom"].create(
                [
                    {
                        "product_id": product.id,
                        "uom_id": self.case_unit.id,
                        "barcode": barcode,
                    }
                    for product, barcode in (
                        (self.cable, "9520009000005"),
                        (self.box, "09520009000005"),
                    )
                ]
            )

    def test_two_companies_may_create_one_item_each_at_once(self):
        products = self.env["product.product"].create(
            [
                {"name": "Shared", "company_id": company.id, "barcode": barcode}
                for company, barcode in (
                    (self.company, "9520009000005"),
                    (self.other_company, "09520009000005"),
                )
            ]
        )
        self.assertEqual(self.row("09520009000005").product_id, products[1])

    def test_two_companies_may_keep_one_item_each(self):
        for company in (self.company, self.other_company):
            self.product("Shared", company_id=company.id, barcode="9520009000005")
        self.assertEqual(self.prefix.used_count, 1)

    def test_a_gtin_that_was_given_cannot_be_typed_on_another_product(self):
        self.give(self.cable)
        self.cable.barcode = False
        message = "given to Cable and is never given to another product"
        with (
            self.assertRaisesRegex(ValidationError, message),
            self.env.cr.savepoint(),
        ):
            self.box.barcode = "9520009000005"
        self.cable.barcode = "9520009000005"
        self.assertTrue(self.row("09520009000005").in_use)

    def test_a_barcode_on_the_wrong_product_can_be_corrected(self):
        self.cable.barcode = "9520009000005"
        self.cable.barcode = False
        self.box.barcode = "9520009000005"
        self.assertEqual(self.row("09520009000005").product_id, self.box)

    def test_a_product_that_is_entered_again_gets_its_gtin_back(self):
        product = self.product("Short-lived")
        self.give(product)
        product.unlink()
        again = self.product("Short-lived", barcode="9520009000005")
        self.assertEqual(self.row("09520009000005").product_id, again)

    def test_what_was_given_is_neither_changed_nor_deleted(self):
        self.give(self.cable)
        row = self.row("09520009000005")
        with self.assertRaises(AccessError):
            row.with_user(self.administrator).unlink()
        with self.assertRaisesRegex(UserError, "stays known"):
            row.unlink()
        with self.assertRaisesRegex(UserError, "Only its packaging level"):
            row.with_user(self.administrator).product_id = self.box
        row.with_user(self.administrator).level = "case"

    def test_administrators_alone_give_gtins(self):
        for user in (self.operator, self.quality_manager, self.stock_user):
            with (
                self.subTest(user.login),
                self.assertRaisesRegex(AccessError, "Only administrators"),
            ):
                self.give(self.box, user=user)
            with self.assertRaisesRegex(AccessError, "Only administrators"):
                self.box.with_user(user).action_give_gtin()
        self.assertFalse(self.box.barcode)

    # ---- The wizard ----

    def open_wizard(self, products, user=None):
        action = products.with_user(user or self.administrator).action_give_gtin()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        return wizard.with_user(user or self.administrator)

    def test_the_preview_takes_nothing(self):
        wizard = self.open_wizard(self.cable | self.box)
        self.assertEqual(
            wizard.line_ids.mapped("gtin"), ["09520009000005", "09520009000012"]
        )
        self.assertFalse(self.prefix.gtin_ids)
        self.assertFalse(self.cable.barcode)

    def test_the_wizard_gives_what_can_be_given(self):
        wizard = self.open_wizard(self.cable | self.phone | self.box)
        self.assertRecordValues(wizard, [{"ready_count": 2, "refused_count": 1}])
        wizard.action_give()
        self.assertEqual(self.cable.barcode, "9520009000005")
        self.assertEqual(self.box.barcode, "9520009000012")

    def test_the_wizard_with_nothing_to_give_says_so(self):
        wizard = self.open_wizard(self.phone)
        self.assertIn("already has the barcode", wizard.line_ids.refusal)
        with self.assertRaisesRegex(UserError, "None of these products"):
            wizard.action_give()

    def test_the_preview_follows_the_prefix(self):
        other = self.prefixes.create({"name": "9520008"})
        with Form(self.open_wizard(self.cable)) as form:
            form.prefix_id = other
        self.assertEqual(form.record.line_ids.gtin, "09520008000006")

    def test_a_company_without_prefix_is_told_where_to_enter_it(self):
        self.prefix.active = False
        with self.assertRaisesRegex(UserError, "has no GS1 company prefix"):
            self.open_wizard(self.cable)

    def test_the_wizard_of_a_template_covers_its_variants(self):
        action = self.cable.product_tmpl_id.with_user(
            self.administrator
        ).action_give_gtin()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.line_ids.product_id, self.cable)


@tagged("post_install", "-at_install")
class TestIdentifiersGtinApi(Json2Mixin, HttpCase):
    """Giving GTINs over JSON-2, as whoever has a key."""

    def test_an_administrator_may_and_an_operator_may_not(self):
        prefix = self.env["serial.company.prefix"].create({"name": "9520009"})
        product = self.env["product.product"].create({"name": "Box"})
        for role, status in (("operator", 403), ("administrator", 200)):
            user = new_test_user(
                self.env,
                login=f"api_{role}",
                groups=f"serial_traceability.group_serial_{role}",
            )
            answer = self.call(user, prefix, "allocate", product_ids=product.ids)
            self.assertEqual(answer.status_code, status, answer.text)
        self.assertEqual(answer.json(), {str(product.id): "9520009000005"})
