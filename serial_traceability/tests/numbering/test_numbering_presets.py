import io

import zxingcpp
from odoo.tests import tagged
from PIL import Image

from ...core.label.png import write_png
from ...core.label.symbol import Symbology, make_symbol
from ...core.label.symbol_image import draw_symbol
from ..scanning.common import ScanCase

_PRESETS = (
    "scheme_medicine",
    "scheme_tobacco",
    "scheme_udi",
    "scheme_rfid",
    "scheme_short",
    "scheme_plain",
)


@tagged("post_install", "-at_install")
class TestPresets(ScanCase):
    """Each ready scheme: issued, drawn, read by a scanner, received."""

    def issue(self, preset):
        scheme = self.env.ref(f"serial_traceability.{preset}")
        issues = self.env["serial.issue"].with_user(self.operator)
        return issues.issue(self.phone.id, 3, scheme_id=scheme.id, commission=False)[
            "numbers"
        ]

    def scan(self, symbology, number):
        """Return what a scanner reads from the drawn symbol of a number."""
        elements = [("01", self.phone.barcode), ("21", number)]
        drawing = draw_symbol(make_symbol(symbology, elements))
        image = write_png(drawing, dpi=254)
        [read] = zxingcpp.read_barcodes(
            Image.open(io.BytesIO(image)).convert("L"),
            text_mode=zxingcpp.TextMode.Plain,
        )
        return read.symbology_identifier + read.bytes.decode()

    def test_each_preset_is_issued_printed_read_and_received(self):
        for preset in _PRESETS:
            for symbology in (Symbology.DATAMATRIX, Symbology.GS1_128, Symbology.QR):
                with self.subTest(preset=preset, symbology=symbology):
                    self.check_round_trip(preset, symbology)

    def check_round_trip(self, preset, symbology):
        numbers = self.issue(preset)
        receipt = self.open_receipt((self.phone, 3))
        scans = [self.scan(symbology, number) for number in numbers]
        results = self.resolve(receipt, *scans)
        self.assertEqual([result["verdict"] for result in results], ["ok"] * 3)
        self.scan_in(receipt, *scans)
        self.validate(receipt)
        lots = receipt.move_line_ids.lot_id
        self.assertEqual(set(lots.mapped("name")), set(numbers))
        self.assertEqual(set(lots.issued_number_ids.mapped("state")), {"commissioned"})
