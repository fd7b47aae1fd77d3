from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...core.gs1.check_digit import check_digit
from ..common import PACK_GTIN, PHONE_GTIN, SerialCase
from ..json2 import Json2Mixin

_FREE_GTIN = "09520001200014"


class GtinCase(SerialCase):
    """Phones that have numbers under their GTIN, and watches that have no GTIN."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls.env["serial.scheme"].create(
            {"name": "Counting", "kind": "sequential", "length": 4}
        )
        cls.watch = cls.env["product.product"].create(
            {"name": "Watch", "is_storable": True, "tracking": "serial"}
        )
        cls.issue(cls.phone)

    @classmethod
    def issue(cls, product, **values):
        issues = cls.env["serial.issue"].with_user(cls.operator)
        return issues.issue(product.id, 1, scheme_id=cls.scheme.id, **values)

    def assert_refused(self, write):
        with (
            self.assertRaisesRegex(UserError, f"Phone stand under GTIN {PHONE_GTIN}"),
            self.cr.savepoint(),
        ):
            write()


@tagged("post_install", "-at_install")
class TestNumberingGtins(GtinCase):
    """A GTIN under which numbers stand is never another product's."""

    def test_a_gtin_does_not_move_with_its_numbers(self):
        self.phone.barcode = False
        for barcode in (PHONE_GTIN, PHONE_GTIN[1:]):
            self.assert_refused(
                lambda code=barcode: self.watch.write({"barcode": code})
            )
        self.assert_refused(
            lambda: self.watch.product_tmpl_id.write({"barcode": PHONE_GTIN})
        )
        self.phone.barcode = PHONE_GTIN
        self.assertEqual(self.phone.barcode, PHONE_GTIN)

    def test_the_gtin_of_an_archived_product_does_not_move(self):
        self.phone.product_tmpl_id.active = False
        with self.assertRaisesRegex(UserError, "Phone, which is archived, stand under"):
            self.watch.barcode = PHONE_GTIN

    def test_of_products_created_together_one_is_refused(self):
        self.phone.barcode = False
        values = [
            {"name": "Radio", "barcode": _FREE_GTIN},
            {"name": "Lamp", "barcode": PHONE_GTIN},
        ]
        self.assert_refused(lambda: self.env["product.product"].create(values))
        self.assert_refused(lambda: self.env["product.template"].create(values[1]))

    def test_an_import_is_refused(self):
        self.phone.barcode = False
        result = self.env["product.product"].load(
            ["name", "barcode"], [["Radio", _FREE_GTIN], ["Lamp", PHONE_GTIN]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("stand under GTIN", result["messages"][0]["message"])

    def test_a_packaging_of_another_product_does_not_get_it(self):
        self.phone.barcode = False
        unit = self.env.ref("uom.product_uom_dozen")
        values = {"product_id": self.watch.id, "uom_id": unit.id}
        packagings = self.env["product.uom"]
        self.assert_refused(
            lambda: packagings.create({**values, "barcode": PHONE_GTIN})
        )
        packaging = packagings.create({**values, "barcode": _FREE_GTIN})
        self.assert_refused(lambda: packaging.write({"barcode": PHONE_GTIN}))

    def test_a_gtin_that_comes_after_the_numbers_stays_as_well(self):
        self.env["serial.scheme"].browse(self.scheme.id).form = "plain"
        self.issue(self.watch)
        self.watch.barcode = _FREE_GTIN
        self.watch.barcode = False
        with self.assertRaisesRegex(UserError, f"Watch stand under GTIN {_FREE_GTIN}"):
            self.pack.barcode = _FREE_GTIN

    def test_a_gtin_without_numbers_may_move(self):
        self.pack.barcode = False
        self.watch.barcode = PACK_GTIN
        self.assertEqual(self.issue(self.watch)["state"], "done")
        self.watch.barcode = False
        with self.assertRaisesRegex(UserError, "Watch stand under GTIN"):
            self.pack.barcode = PACK_GTIN

    def test_a_run_whose_product_lost_its_gtin_stops(self):
        self.env["serial.numbered.gtin"].create(
            {"name": PACK_GTIN, "product_id": self.phone.id}
        )
        with self.assertRaisesRegex(UserError, f"Phone stand under GTIN {PACK_GTIN}"):
            self.issue(self.pack)
        self.assertFalse(
            self.env["serial.number"].search([("product_id", "=", self.pack.id)])
        )

    def test_a_company_that_does_not_see_the_product_is_refused_too(self):
        self.phone.barcode = False
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.phone.product_tmpl_id.company_id = self.company
        self.assert_refused(
            lambda: (
                self.env["product.product"]
                .with_company(other)
                .create({"name": "Lamp", "company_id": other.id, "barcode": PHONE_GTIN})
            )
        )

    def test_many_barcodes_cost_no_query_each(self):
        gtins = self.env["serial.numbered.gtin"]
        products = self.env["product.product"].create(
            [
                {"name": f"P{number}", "barcode": key + check_digit(key)}
                for number, key in enumerate(f"952000170{n:03}" for n in range(111))
            ]
        )
        counts = []
        for some in (products[:1], products[1:11], products[11:]):
            some.mapped("barcode")
            counts.append(self.count_queries(gtins._note_barcodes, some))
        self.assertEqual(len(set(counts)), 1, counts)


@tagged("post_install", "-at_install")
class TestNumberingGtinsApi(Json2Mixin, GtinCase, HttpCase):
    """The same over JSON-2."""

    def test_a_program_is_refused(self):
        self.administrator.group_ids |= self.env.ref("product.group_product_manager")
        self.phone.barcode = False
        with mute_logger("odoo.http"):
            response = self.call(
                self.administrator, self.watch, "write", vals={"barcode": PHONE_GTIN}
            )
        self.assertEqual(response.status_code, 422)
        self.assertIn("stand under GTIN", response.json()["message"])
        self.assertFalse(self.watch.barcode)

    def test_nobody_writes_what_stands_under_what(self):
        gtin = self.env["serial.numbered.gtin"].search([("name", "=", PHONE_GTIN)])
        self.assertEqual(gtin.product_id, self.phone)
        for user in (self.administrator, self.quality_manager):
            for method, values in (
                ("write", {"vals": {"product_id": self.watch.id}}),
                ("unlink", {}),
            ):
                with mute_logger("odoo.http"):
                    response = self.call(user, gtin, method, **values)
                self.assertEqual(response.status_code, 403)
