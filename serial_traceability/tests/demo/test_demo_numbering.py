import base64
import io
import zipfile
from collections import Counter

from odoo.tests import Form, tagged
from PIL import Image

from ...core.tests.paper import (
    field_of,
    pages,
    rasterized,
    rasterized_svg,
    read_datamatrix_field,
    scan,
)
from .common import DemoCase

#: What the demo company numbers by which ready scheme, and from whom it comes.
_PRESETS = {
    "scheme_medicine": ("lindoril", "cardia"),
    "scheme_tobacco": ("halvard", "wholesaler"),
    "scheme_udi": ("vital", "wholesaler"),
    "scheme_rfid": ("fjord", "norrvik"),
    "scheme_short": ("chrono_diver", "chrono"),
    "scheme_plain": ("nova_display", "nova"),
}
#: Each way to print: layout and medium.
_WAYS = (
    ("a4_21", "pdf"),
    ("roll_50x25", "pdf"),
    ("roll_57x32", "png"),
    ("roll_57x32", "svg"),
    ("roll_57x32", "zpl"),
)
_DPI = 300
#: Symbols by the command that makes a thermal printer draw them.
_ZPL = {
    "datamatrix": ("BXN", "]d2", read_datamatrix_field),
    "qr": ("BQN", "]Q1", lambda field: field.removeprefix("MA,")),
}


@tagged("post_install", "-at_install")
class TestDemoNumbering(DemoCase):
    """The demo company's own numbers: each ready scheme, from issue to receipt."""

    def product(self, preset):
        return self.demo(f"product_demo_{_PRESETS[preset][0]}")

    # ---- What the company did ----

    def test_each_ready_scheme_numbers_a_product(self):
        for preset in _PRESETS:
            with self.subTest(preset=preset):
                policy = self.product(preset).product_tmpl_id._get_serial_policy()
                self.assertEqual(policy.scheme_id, self.demo(preset))
                self.assertTrue(self.demo(preset).issued_count)

    def test_of_each_product_some_are_in_stock_and_something_is_left_to_do(self):
        found = {}
        for preset in _PRESETS:
            product = self.product(preset)
            states = Counter(
                self.env["serial.number"]
                .search([("product_id", "=", product.id)])
                .mapped("state")
            )
            labels = self.env["serial.label.print"].search(
                [("product_id", "=", product.id)]
            )
            unborn = labels.filtered(lambda label: not label.is_commissioned)
            found[preset] = (
                states["issued"], states["commissioned"], len(labels), len(unborn),
            )  # fmt: skip
        self.assertEqual(
            found,
            {
                # set aside, in use, labels, labels without a unit
                "scheme_medicine": (44, 16, 24, 8),
                "scheme_tobacco": (12, 8, 20, 12),
                "scheme_udi": (2, 6, 8, 2),
                "scheme_rfid": (0, 10, 10, 0),
                "scheme_short": (192, 6, 8, 2),
                "scheme_plain": (7, 5, 9, 4),
            },
        )

    def test_numbers_in_use_were_scanned_in_at_a_receipt(self):
        for preset in _PRESETS:
            serials = self.env["serial.number"].search(
                [
                    ("product_id", "=", self.product(preset).id),
                    ("state", "=", "commissioned"),
                ]
            )
            units = serials.lot_id.filtered("product_qty")
            with self.subTest(preset=preset):
                self.assertTrue(units)
                events = units.event_line_ids.event_id
                self.assertLessEqual(
                    {"commissioning", "receiving"}, set(events.mapped("biz_step"))
                )
                self.assertEqual(
                    events.filtered(lambda e: e.movement == "receipt").user_id,
                    self.demo("user_demo_operator"),
                )

    def test_two_makers_have_blocks_and_used_a_part(self):
        blocks = self.env["serial.block"].search([("state", "=", "open")])
        products = [
            self.demo(f"product_demo_{n}") for n in ("chrono_diver", "lindoril")
        ]
        blocks = blocks.filtered(lambda block: block.product_id in products)
        self.assertRecordValues(
            blocks.sorted("quantity"),
            [
                {
                    "partner_id": self.demo("partner_demo_cardia").id,
                    "used_count": 16,
                    "unused_count": 44,
                    "destroyed_count": 0,
                },
                {
                    "partner_id": self.demo("partner_demo_chrono").id,
                    "used_count": 6,
                    "unused_count": 192,
                    "destroyed_count": 2,
                },
            ],
        )
        self.assertTrue(all(blocks.mapped("export_time")))

    def test_a_line_waits_for_its_block(self):
        block = self.env["serial.block"].search([("line_name", "=", "Engraving")])
        self.assertEqual((block.state, block.quantity), ("draft", 50))

    def test_cigarillos_on_their_way_are_expected_by_their_numbers(self):
        receipt = self.demo("demo_receipt_tobacco")
        self.assertEqual(receipt.state, "assigned")
        self.assertEqual(
            (receipt.announced_count, receipt.announced_missing_count), (12, 12)
        )

    def test_monitors_wait_for_numbers_at_their_receipt(self):
        receipt = self.demo("demo_receipt_medical_devices")
        receipt = receipt.with_user(self.demo("user_demo_operator"))
        self.assertTrue(receipt.can_issue_numbers)

    # ---- From issue to receipt ----

    def test_every_scheme_is_issued_printed_read_and_received(self):
        for preset in _PRESETS:
            for symbology in ("datamatrix", "qr"):
                with self.subTest(preset=preset, symbology=symbology):
                    run = self.issue(preset, 2)
                    read = [self.decode(run, *way, symbology) for way in _WAYS]
                    # However they are printed, a scanner says the same of them.
                    self.assertEqual(read, read[:1] * len(_WAYS))
                    self.receive(preset, run, read[0])

    def issue(self, preset, quantity):
        """Issue numbers on the screen, as the operator; return the run."""
        issues = self.env["serial.issue"].with_user(self.demo("user_demo_operator"))
        with Form(issues) as form:
            form.product_id = self.product(preset)
            form.quantity = quantity
            if form.product_id == self.demo("product_demo_lindoril"):
                form.batch_id = self.env["serial.batch"].search(
                    [("product_id", "=", form.product_id.id)]
                )
            form.commission = False
        run = form.record
        self.assertEqual(run.scheme_id, self.demo(preset))
        run.action_start()
        return run

    def decode(self, run, layout, medium, symbology):
        """Print the labels of a run; return what a scanner says of them."""
        context = {"active_model": run._name, "active_ids": run.ids}
        wizard = (
            run.env["serial.label.wizard"]
            .with_context(**context)
            .create(
                {
                    "layout_id": self.demo(f"label_layout_{layout}").id,
                    "symbology": symbology,
                    "medium": medium,
                    "resolution": str(_DPI),
                    "reason": "Printed in every way",
                }
            )
        )
        wizard.action_print()
        content = base64.b64decode(wizard.data)
        scans = getattr(self, f"read_{medium}")(content, symbology)
        self.assertEqual(len(scans), run.quantity, (layout, symbology, medium))
        return sorted(scans)

    def read_pdf(self, content, symbology):
        found = []
        for page in pages(content):
            found += scan(rasterized(page, dpi=_DPI))
        return self.as_scanned(found)

    def read_png(self, content, symbology):
        return self.read_images(content, lambda data: Image.open(io.BytesIO(data)))

    def read_svg(self, content, symbology):
        return self.read_images(content, lambda data: rasterized_svg(data.decode()))

    def read_images(self, content, inked):
        files = [content]
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                files = [archive.read(name) for name in archive.namelist()]
        found = [scan(inked(data)) for data in files]
        self.assertTrue(all(len(one) == 1 for one in found))
        return self.as_scanned([one for [one] in found])

    def read_zpl(self, content, symbology):
        command, identifier, read_field = _ZPL[symbology]
        labels = content.decode().split("^XZ")[:-1]
        return [identifier + read_field(field_of(zpl, command)) for zpl in labels]

    def as_scanned(self, found):
        return [identifier + data.decode() for identifier, data in found]

    def receive(self, preset, run, scans):
        """Receive units on the scan screen by what was read from their labels."""
        demo = self.env["serial.demo"]
        receipt = demo._create_receipt(
            _PRESETS[preset][1], {run.product_id: len(scans)}
        )
        demo._scan(receipt, scans)
        demo._validate(receipt)
        self.assertEqual(receipt.state, "done")
        units = receipt.move_line_ids.lot_id
        self.assertEqual(sorted(units.mapped("name")), sorted(run._get_numbers()))
        self.assertEqual(set(run.number_ids.mapped("state")), {"commissioned"})
        self.assertEqual(set(units.mapped("disposition")), {"sellable_not_accessible"})
