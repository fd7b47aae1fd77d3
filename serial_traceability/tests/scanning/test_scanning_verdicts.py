from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ...models import serial_resolver
from ...models.serial_verdict import VERDICTS
from ..common import PACK_GTIN
from .common import GS, WATCH_GTIN, ScanCase, symbol


@tagged("post_install", "-at_install")
class TestScanningVerdicts(ScanCase):
    """What is said of scans where the database decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls.open_receipt((cls.phone, 3), (cls.pack, 1))

    def test_a_new_unit_is_told_with_all_that_its_label_says(self):
        text = symbol("M1", PACK_GTIN, "C1", "280131")
        (result,) = self.resolve(self.picking, text)
        self.assertEqual(result["verdict"], "ok")
        self.assertEqual(result["product_id"], self.pack.id)
        self.assertEqual((result["serial"], result["batch"]), ("M1", "C1"))
        self.assertEqual(str(result["expiration_date"]), "2028-01-31")
        self.assertEqual(result["text"], text.replace(GS, "␝"))

    def test_each_bad_input_has_its_verdict(self):
        cases = {
            "]d2010952000110001821A1": "check_digit",
            f"]d201{PACK_GTIN}1726130121A1": "bad_date",
            symbol(""): "empty_serial",
            symbol("A" * 21): "serial_too_long",
            symbol("A B"): "bad_character",
            "]d2010952000110001710B17A21J6PDBSVFMACZ": "fnc1_missing",
            symbol("A1") + f"{GS}89X": "unknown_ai",
            symbol("A٣"): "unicode_digits",
            "]C100395200010000000011": "sscc",
            symbol("A1", "09520001999994"): "unknown_product",
            "]d20109520001100017": "no_serial",
            "hello, is this thing on?": "unknown_text",
            "\x89PNG\x00": "unreadable",
            "": "empty_line",
            symbol("A1", WATCH_GTIN): "wrong_product",
        }
        results = self.resolve(self.picking, *cases)
        self.assertEqual(
            [result["verdict"] for result in results], list(cases.values())
        )
        for result in results:
            self.assertEqual(result["level"], "wrong")
            self.assertTrue(result["message"], result)

    def test_a_scan_that_is_no_text_is_refused_in_one_sentence(self):
        for texts in ([None], ["A1", 1], [{"text": "A1"}], [["A1"]], "A1", None, {}):
            with self.assertRaisesRegex(UserError, "Each scan must be a text"):
                self.env["serial.resolver"].with_user(self.operator).resolve(
                    texts, self.picking.id
                )

    def test_a_mark_before_pasted_text_is_no_part_of_the_first_scan(self):
        text = f"\ufeff{symbol('F1').removeprefix(']d2')}\n{symbol('F2')}"
        lines = self.read_import(self.picking, text).line_ids
        self.assertRecordValues(
            lines,
            [
                {"serial": "F1", "product_id": self.phone.id, "verdict": "ok"},
                {"serial": "F2", "product_id": self.phone.id, "verdict": "ok"},
            ],
        )
        (result,) = self.resolve(self.picking, f"\ufeff{symbol('F3')}")
        self.assertEqual((result["serial"], result["verdict"]), ("F3", "ok"))

    def test_a_slip_in_a_number_that_looks_like_ours_is_doubted(self):
        scheme = self.env["serial.scheme"].create(
            {
                "name": "Checked",
                "kind": "sequential",
                "length": 4,
                "check_character": True,
            }
        )
        self.phone.product_tmpl_id.serial_policy_id = self.env["serial.policy"].create(
            {"name": "Ours", "scheme_id": scheme.id}
        )
        issued = (
            self.env["serial.issue"]
            .with_user(self.operator)
            .issue(self.phone.id, 1, commission=False)
        )
        [name] = issued["numbers"]
        # Exchanged neighbours, which are different ones.
        slip = name[:3] + name[4] + name[3]
        results = self.resolve(self.picking, *map(symbol, (slip, name, "THEIRS-1")))
        self.assertEqual(
            [(result["verdict"], result["level"]) for result in results],
            [("check_character", "warning"), ("ok", "good"), ("ok", "good")],
        )
        self.assertIn("mistyped or misread", results[0]["message"])

    def test_a_plain_number_that_is_a_gtin_but_for_a_slip_is_doubted(self):
        self.env["product.uom"].create(
            {
                "product_id": self.phone.id,
                "uom_id": self.env.ref("uom.product_uom_dozen").id,
                "barcode": "19520001100014",
            }
        )
        receipt = self.open_receipt((self.phone, 5))
        texts = (
            "09520001100018", "9520001100071", "19520001100015",
            "9520001199999", "356938035643809",
        )  # fmt: skip
        results = self.resolve(receipt, *texts)
        self.assertEqual(
            [(result["verdict"], result["level"]) for result in results],
            [("mistyped_gtin", "warning")] * 3 + [("ok", "good")] * 2,
        )
        self.assertIn("GTIN 09520001100017 with one slip", results[0]["message"])
        self.assertIn("GTIN 19520001100014 with one slip", results[2]["message"])

    def test_every_verdict_has_a_sentence(self):
        catalogue = self.env["serial.verdict"]
        for code, _label in VERDICTS:
            if code != "ok":
                self.assertTrue(hasattr(catalogue, f"_say_{code}"), code)

    def test_a_gtin_is_found_in_each_of_its_lengths(self):
        for barcode in ("95200019", "952000110008", "9520001100017", "19520001100014"):
            with self.subTest(barcode=barcode):
                self.phone.barcode = barcode
                text = symbol("A1", barcode.zfill(14))
                self.assertEqual(self.verdict(self.picking, text), "ok")

    def test_a_gtin_of_a_packaging_finds_its_product(self):
        self.env["product.uom"].create(
            {
                "product_id": self.phone.id,
                "uom_id": self.env.ref("uom.product_uom_unit").id,
                "barcode": "19520001100014",
            }
        )
        (result,) = self.resolve(self.picking, symbol("A1", "19520001100014"))
        self.assertEqual(result["product_id"], self.phone.id)

    def test_a_gtin_of_two_products_is_ambiguous(self):
        self.watch.barcode = "9520001100017"  # the phone has it with 14 digits
        (result,) = self.resolve(self.picking, symbol("A1"))
        self.assertEqual(result["verdict"], "ambiguous_product")
        self.assertIn("Phone", result["message"])
        self.assertIn("Watch", result["message"])

    def test_a_product_tracked_by_lot_is_no_unit(self):
        self.cable.barcode = "09520001400018"
        picking = self.open_receipt((self.cable, 1))
        gtin = self.cable.barcode
        verdict = self.verdict(picking, symbol("A1", gtin))
        self.assertEqual(verdict, "not_serial_tracked")

    def test_a_plain_serial_of_the_only_serial_product(self):
        picking = self.open_receipt((self.phone, 1), (self.cable, 1))
        (result,) = self.resolve(picking, "SN-1")
        self.assertEqual((result["verdict"], result["serial"]), ("ok", "SN-1"))
        self.assertEqual(result["product_id"], self.phone.id)

    def test_a_duplicate_names_the_first_line(self):
        results = self.resolve(self.picking, symbol("A1"), symbol("B"), symbol("A1"))
        self.assertEqual(results[2]["verdict"], "duplicate")
        self.assertIn("line 1", results[2]["message"])

    def test_the_same_serial_of_another_product_is_pointed_at(self):
        self.receive(self.watch, ["A1"])
        (result,) = self.resolve(self.picking, symbol("A1"))
        self.assertEqual(
            (result["verdict"], result["level"]), ("other_product", "warning")
        )
        self.assertIn("Watch", result["message"])

    def test_a_unit_in_stock_names_its_place(self):
        self.receive(self.phone, ["A1"])
        (result,) = self.resolve(self.picking, symbol("A1"))
        self.assertEqual(result["verdict"], "in_stock")
        self.assertIn(self.stock_location.display_name, result["message"])

    def test_another_companys_serial_is_refused_without_telling_more(self):
        other = self.env["res.company"].create({"name": "Secret Ltd"})
        self.env["stock.lot"].create(
            {"name": "A1", "product_id": self.phone.id, "company_id": other.id}
        )
        (result,) = self.resolve(self.picking, symbol("A1"))
        self.assertEqual(result["verdict"], "other_company")
        self.assertNotIn("Secret", result["message"])
        self.assertFalse(result["lot_id"])

    def test_stock_of_another_company_is_told_without_its_place(self):
        other = self.env["res.company"].create({"name": "Secret Ltd"})
        lot = self.env["stock.lot"].create(
            {"name": "A1", "product_id": self.phone.id, "company_id": False}
        )
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self.env["stock.quant"]._update_available_quantity(
            self.phone, warehouse.lot_stock_id, 1, lot_id=lot
        )
        (result,) = self.resolve(self.picking, symbol("A1"))
        self.assertEqual(result["verdict"], "in_stock")
        self.assertNotIn(warehouse.lot_stock_id.display_name, result["message"])

    def test_another_batch_than_the_known_one(self):
        batch = self.env["serial.batch"].create(
            {"name": "B1", "product_id": self.phone.id}
        )
        self.env["stock.lot"].create(
            {"name": "A1", "product_id": self.phone.id, "batch_id": batch.id}
        )
        verdict = self.verdict(self.picking, symbol("A1", batch="B2"))
        self.assertEqual(verdict, "other_batch")

    def test_another_expiry_than_the_batchs(self):
        self.env["serial.batch"].create(
            {
                "name": "C1",
                "product_id": self.pack.id,
                "expiration_date": "2028-01-31",
            }
        )
        verdict = self.verdict(self.picking, symbol("M1", PACK_GTIN, "C1", "280229"))
        self.assertEqual(verdict, "other_expiry")

    def test_the_policy_of_the_category_is_kept(self):
        policy = self.env["serial.policy"].create(
            {
                "name": "Medicine",
                "gs1_serials_only": True,
                "require_batch": True,
                "require_expiry": True,
            }
        )
        category = self.env["product.category"].create(
            {"name": "Medicine", "serial_policy_id": policy.id}
        )
        self.pack.categ_id = category
        texts = (
            symbol("M1", PACK_GTIN),
            symbol("M1", PACK_GTIN, "C1"),
            symbol("M1", PACK_GTIN, "C1", "280131"),
        )
        verdicts = [each["verdict"] for each in self.resolve(self.picking, *texts)]
        self.assertEqual(verdicts, ["batch_missing", "expiry_missing", "ok"])
        self.phone.serial_policy_id = policy
        (result,) = self.resolve(self.open_receipt((self.phone, 1)), "SN#1")
        self.assertEqual(result["verdict"], "wrong_form")

    def test_units_for_a_delivery_must_be_there(self):
        here, away, shelved = self.receive(self.phone, ["HERE", "AWAY", "SHELVED"])
        self.deliver(away)
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        internal = self.warehouse.int_type_id
        self.move(shelved, internal, self.stock_location, shelf)
        picking = self.delivery((self.phone, 3), reserve=False)
        texts = [symbol(name) for name in ("HERE", "AWAY", "SHELVED", "NEW")]
        verdicts = [each["verdict"] for each in self.resolve(picking, *texts)]
        self.assertEqual(verdicts, ["ok", "not_here", "ok", "not_known"])
        self.assertEqual(here.location_id, self.stock_location)

    def test_a_unit_of_another_transfer_is_told_with_its_name(self):
        self.receive(self.phone, ["A1"])
        other = self.delivery((self.phone, 1))
        picking = self.delivery((self.phone, 1), reserve=False)
        (result,) = self.resolve(picking, symbol("A1"))
        self.assertEqual((result["verdict"], result["level"]), ("reserved", "warning"))
        self.assertIn(other.name, result["message"])
        other.move_ids.picked = True
        (result,) = self.resolve(picking, symbol("A1"))
        self.assertEqual((result["verdict"], result["level"]), ("reserved", "wrong"))

    def test_a_unit_expires_at_the_end_of_the_day_where_the_company_is(self):
        self.company.partner_id.tz = "America/New_York"
        self.receive(self.pack, ["M1"], expiration_date="2030-02-01 04:59:59")
        picking = self.delivery((self.pack, 1), reserve=False)
        with freeze_time("2030-01-31 18:00:00"):
            self.assertEqual(self.verdict(picking, symbol("M1", PACK_GTIN)), "ok")
        with freeze_time("2030-02-01 18:00:00"):
            self.assertEqual(self.verdict(picking, symbol("M1", PACK_GTIN)), "expired")

    def test_more_than_the_demand_is_surplus(self):
        texts = [symbol(f"A{number}") for number in range(4)]
        self.assertEqual(self.verdict(self.picking, *texts), "surplus")

    def test_too_many_lines_are_refused_in_one_sentence(self):
        limit = serial_resolver.LINE_LIMIT
        with self.assertRaisesRegex(UserError, f"50000 .* at most {limit}"):
            self.resolve(self.picking, *["A1"] * 50000)
