import io
import zipfile

import zxingcpp
from odoo.tests import tagged
from PIL import Image

from ..scanning.common import ScanCase
from .common import LabelCase

_PRESETS = (
    "scheme_medicine",
    "scheme_tobacco",
    "scheme_udi",
    "scheme_rfid",
    "scheme_short",
    "scheme_plain",
)


@tagged("post_install", "-at_install")
class TestLabelRoundTrip(LabelCase, ScanCase):
    """Numbers of every preset: issued, printed, read by a scanner, received."""

    def issue(self, scheme, count):
        issues = self.env["serial.issue"].with_user(self.operator)
        batch = self.env["serial.batch"].create(
            {
                "name": f"B-{scheme.id}",
                "product_id": self.pack.id,
                "expiration_date": "2028-10-22",
            }
        )
        told = issues.issue(
            self.pack.id,
            count,
            batch_id=batch.id,
            scheme_id=scheme.id,
            commission=False,
        )
        return issues.browse(told["issue_id"])

    def scan_labels(self, wizard):
        """Return what a scanner returns for the printed labels."""
        texts = []
        with zipfile.ZipFile(io.BytesIO(self.content(wizard))) as archive:
            for name in archive.namelist():
                (one,) = zxingcpp.read_barcodes(
                    Image.open(io.BytesIO(archive.read(name))),
                    text_mode=zxingcpp.TextMode.Plain,
                )
                prefix = "" if one.text.startswith("http") else one.symbology_identifier
                texts.append(prefix + one.text)
        return texts

    def test_every_preset_is_received_by_its_labels(self):
        for key in _PRESETS:
            for symbology in ("datamatrix", "qr"):
                with self.subTest(preset=key, symbology=symbology):
                    self.check_round_trip(key, symbology)

    def check_round_trip(self, key, symbology):
        scheme = self.env.ref(f"serial_traceability.{key}").copy()
        issue = self.issue(scheme, 3)
        wizard = self.print(issue, medium="png", symbology=symbology, resolution="300")
        picking = self.open_receipt((self.pack, 3))
        self.scan_in(picking, *self.scan_labels(wizard))
        self.validate(picking)
        units = picking.move_line_ids.lot_id
        self.assertEqual(sorted(units.mapped("name")), sorted(issue._get_numbers()))
        self.assertEqual(units.batch_id, issue.batch_id)
        issue.invalidate_recordset(["number_ids"])
        self.assertEqual(set(issue.number_ids.mapped("state")), {"commissioned"})
        missing = self.env["serial.label.print"].search(
            [("is_commissioned", "=", False)]
        )
        self.assertFalse(missing)
