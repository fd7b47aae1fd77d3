import io
from unittest.mock import patch
from urllib.parse import quote

import zxingcpp
from odoo.tests import HttpCase, new_test_user, tagged
from PIL import Image

from ...controllers import serial_symbol
from ...core.label import IMAGE_VERSION
from ...models import serial_label
from ...models.serial_label import symbol_url
from ..common import PHONE_GTIN

ROUTE = "/serial_traceability/symbol"


@tagged("post_install", "-at_install")
class TestLabelSymbolRoute(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(
            cls.env,
            login="serial_symbol_service",
            groups="serial_traceability.group_serial_service",
        )

    def setUp(self):
        super().setUp()
        self.authenticate("serial_symbol_service", "serial_symbol_service")

    def get(self, value, name="datamatrix.png", headers=None, **options):
        query = "".join(f"&{key}={quote(one)}" for key, one in options.items())
        return self.url_open(
            f"{ROUTE}/{name}?value={quote(value, safe='')}{query}", headers=headers
        )

    def scan(self, response):
        (found,) = zxingcpp.read_barcodes(
            Image.open(io.BytesIO(response.content)),
            text_mode=zxingcpp.TextMode.Plain,
        )
        return found.symbology_identifier, found.bytes.decode()

    def test_symbols_are_read_back(self):
        for name, identifier, data in (
            ("datamatrix.png", "]d2", f"01{PHONE_GTIN}21A(17)/"),
            ("gs1_128.png", "]C1", f"01{PHONE_GTIN}21A(17)/"),
            ("qr.png", "]Q1", f"https://id.gs1.org/01/{PHONE_GTIN}/21/A%2817%29%2F"),
        ):
            for text in ("", "1"):
                with self.subTest(name=name, text=text):
                    response = self.get(
                        rf"(01){PHONE_GTIN}(21)A\(17)/", name, text=text
                    )
                    self.assertEqual(response.headers["Content-Type"], "image/png")
                    self.assertEqual(self.scan(response), (identifier, data))

    def test_the_address_of_a_serial_gives_its_symbol(self):
        product = self.env["product.product"].create(
            {"name": "P", "tracking": "serial", "barcode": PHONE_GTIN}
        )
        lot = self.env["stock.lot"].create(
            {"name": "(17)2&+ %"[:7], "product_id": product.id}
        )
        response = self.url_open(lot.symbol_url.replace(".svg?", ".png?"))
        self.assertEqual(self.scan(response), ("]d2", f"01{PHONE_GTIN}21{lot.name}"))
        svg = self.url_open(lot.symbol_url)
        self.assertEqual(svg.headers["Content-Type"], "image/svg+xml")
        self.assertTrue(svg.text.startswith("<svg"))

    def test_a_serial_that_gs1_does_not_allow_has_no_symbol(self):
        product = self.env["product.product"].create(
            {"name": "P", "tracking": "serial"}
        )
        lot = self.env["stock.lot"].create({"name": "A1", "product_id": product.id})
        self.assertFalse(lot.symbol_url)

    def test_browsers_keep_the_image_of_an_address_with_its_version(self):
        address = symbol_url([("01", PHONE_GTIN), ("21", "A1")])
        self.assertIn(f"&v={IMAGE_VERSION}", address)
        image = self.url_open(address)
        self.assertEqual(
            image.headers["Cache-Control"], "private, max-age=31536000, immutable"
        )
        with patch.object(serial_symbol, "IMAGE_VERSION", "next"):
            newer = self.url_open(address)
        self.assertEqual(newer.headers["Cache-Control"], "private, no-cache")
        self.assertNotEqual(newer.headers["ETag"], image.headers["ETag"])

    def test_a_new_version_of_the_drawing_has_new_addresses(self):
        elements = [("01", PHONE_GTIN), ("21", "A1")]
        before = symbol_url(elements)
        with patch.object(serial_label, "IMAGE_VERSION", "next"):
            self.assertNotEqual(symbol_url(elements), before)

    def test_browsers_ask_whether_an_image_without_version_changed(self):
        value = f"(01){PHONE_GTIN}(21)A1"
        first = self.get(value)
        self.assertEqual(first.headers["Cache-Control"], "private, no-cache")
        tag = first.headers["ETag"]
        again = self.get(value, headers={"If-None-Match": tag})
        self.assertEqual((again.status_code, again.content), (304, b""))
        other = self.get(f"(01){PHONE_GTIN}(21)A2", headers={"If-None-Match": tag})
        self.assertEqual(other.status_code, 200)
        self.assertNotEqual(other.headers["ETag"], tag)

    def test_an_svg_runs_nothing(self):
        response = self.get(f"(01){PHONE_GTIN}(21)<b>", "datamatrix.svg", text="1")
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("default-src 'none'", response.headers["Content-Security-Policy"])
        self.assertNotIn("<b>", response.text)

    def test_what_cannot_be_drawn_is_a_bad_request_that_says_why(self):
        good = f"(01){PHONE_GTIN}(21)A1"
        for value, name, options, sentence in (
            (good, "aztec.png", {}, "The symbol is datamatrix, gs1_128 or qr."),
            (good, "qr.gif", {}, "The image format is svg or png."),
            ("", "qr.png", {}, "value is a bracketed element string"),
            ("(01)" * 200, "qr.png", {}, "of 1 to 500 characters"),
            (good, "qr.png", {"scale": "0"}, "scale is a whole number from 1 to 20."),
            (good, "qr.png", {"scale": "99"}, "scale is a whole number"),
            (good, "qr.png", {"scale": "0209999"}, "scale is a whole number"),
            (good, "qr.png", {"scale": "0019999"}, "scale is a whole number"),
            (good, "qr.png", {"scale": "9" * 5000}, "scale is a whole number"),
            (good, "qr.png", {"scale": "2²"}, "scale is a whole number"),
            (good, "qr.png", {"scale": "x"}, "scale is a whole number"),
            ("(01)09520001100018(21)A1", "qr.png", {}, "check digit"),
            ("(21)A1", "datamatrix.png", {}, "01"),
            (f"(01){PHONE_GTIN}(10){'B' * 20}(21){'A' * 20}", "gs1_128.png", {}, "48"),
            ("rubbish", "datamatrix.png", {}, "application identifier in brackets"),
            ("(01)\0", "datamatrix.png", {}, "01"),
        ):
            with self.subTest(value=value[:40], name=name, **options):
                response = self.get(value, name, **options)
                self.assertEqual(response.status_code, 400)
                self.assertIn(sentence, response.text)
                self.assertNotIn("immutable", response.headers.get("Cache-Control", ""))

    def test_one_must_be_logged_in(self):
        self.authenticate(None, None)
        response = self.url_open(
            f"{ROUTE}/qr.png?value=(01){PHONE_GTIN}", allow_redirects=False
        )
        self.assertNotEqual(response.status_code, 200)
