import random
from collections import Counter
from pathlib import Path

from odoo.modules import Manifest
from odoo.tests import tagged

from ..common import PACK_GTIN, PHONE_GTIN
from .common import GS, WATCH_GTIN, ScanCase, symbol

PRO_GTIN = "09520001100024"
_CHARACTERS = "!\"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz"


@tagged("post_install", "-at_install")
class TestScanningSample(ScanCase):
    """A delivery as scanners return it: good units of four products, and every fault
    that happens at a dock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pro = cls.env["product.product"].create(
            {
                "name": "Phone Pro",
                "is_storable": True,
                "tracking": "serial",
                "barcode": PRO_GTIN,
            }
        )

    def receive_file(self, data, counts):
        """Receive a file; return the wrong lines' verdicts."""
        products = (self.phone, self.pro, self.watch, self.pack)
        demand = zip(products, counts, strict=True)
        picking = self.open_receipt(*demand)
        scan_import = self.upload(picking, data)
        verdicts = Counter(scan_import.wrong_line_ids.mapped("verdict"))
        self.assertEqual(scan_import.warning_count, 0)
        scan_import.action_apply()
        self.assertEqual(picking.move_ids.mapped("quantity"), list(counts))
        self.validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertEqual(len(picking.move_line_ids.lot_id), sum(counts))
        return verdicts

    def test_the_sample_delivery_is_received_but_for_its_11_wrong_lines(self):
        addon = Path(Manifest.for_addon("serial_traceability").path)
        sample = addon.parent.parent / "shared" / "samples" / "delivery.txt"
        if not sample.exists():
            self.skipTest("the sample delivery is not at hand beside the repository")
        verdicts = self.receive_file(sample.read_bytes(), (1000, 20, 20, 60))
        self.assertEqual(
            verdicts,
            {
                "bad_date": 1,
                "check_digit": 2,
                "duplicate": 1,
                "empty_line": 1,
                "empty_serial": 1,
                "fnc1_missing": 1,
                "serial_too_long": 1,
                "sscc": 1,
                "unicode_digits": 1,
                "unknown_text": 1,
            },
        )

    def test_a_delivery_of_our_own_making_is_received(self):
        chance = random.Random(5)
        odd = ["".join(chance.choices(_CHARACTERS, k=20)) for _at in range(4)]
        lines = [symbol(f"P{at}") + f"{GS}10B17A{GS}11260901" for at in range(10)]
        lines += [f"]C101{PRO_GTIN}21{serial}" for serial in odd]
        lines += [
            f"]Q1https://id.example.com/01/{WATCH_GTIN}/21/W{at}?11=260820"
            for at in range(3)
        ]
        lines += [f"]d201{PACK_GTIN}1728110010CX9{GS}21M{at}" for at in range(5)]
        wrong = {
            f"]d201{PHONE_GTIN}21": "empty_serial",
            f"]d201{PHONE_GTIN}10B17A21J6PDBSVFMACZ": "fnc1_missing",
            symbol("AM-٣"): "unicode_digits",
            symbol("P99") + f"{GS}17261301": "bad_date",
            "hello, is this thing on?": "unknown_text",
            symbol("B" * 21): "serial_too_long",
            "]C100395200010000000011": "sscc",
            "": "empty_line",
            symbol("P98", "09520001999994"): "unknown_product",
            symbol("P97", "09520001100018"): "check_digit",
            lines[3]: "duplicate",
        }
        text = "\r\n".join([*lines[:5], *list(wrong)[:-1], *lines[5:], lines[3]])
        verdicts = self.receive_file(text.encode(), (10, 4, 3, 5))
        self.assertEqual(verdicts, Counter(wrong.values()))
        names = self.env["stock.lot"].search([("product_id", "=", self.pro.id)])
        self.assertEqual(set(names.mapped("name")), set(odd))
        batch = self.env["serial.batch"].search([("product_id", "=", self.pack.id)])
        self.assertEqual(str(batch.expiration_date), "2028-11-30")
