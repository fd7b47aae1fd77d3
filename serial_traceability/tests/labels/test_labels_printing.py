from html import escape

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...core.gs1.charsets import CSET_82
from ..common import PACK_GTIN, PHONE_GTIN
from .common import LabelCase


@tagged("post_install", "-at_install")
class TestLabelPrinting(LabelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phones = cls.receive(cls.phone, ["32a/b", "(17)260901", "007"])
        cls.delivery = cls.receipt
        cls.roll = cls.layout("roll_57x32")

    def test_labels_are_read_back_with_their_numbers(self):
        wizard = self.print(self.phones, layout_id=self.roll.id, medium="png")
        self.assertEqual(wizard.filename, "3 labels.zip")
        self.assertEqual(
            self.read_images(wizard),
            [
                [("]d2", f"01{PHONE_GTIN}21{phone.name}".encode())]
                for phone in self.phones
            ],
        )

    def test_awkward_serials_are_read_back(self):
        names = [CSET_82[start : start + 20] for start in range(0, len(CSET_82), 20)]
        names += ["abcdefghijklmnopqrst", "00000000000000000001"]
        phones = self.receive(self.phone, names)
        read = self.read_images(self.print(phones, medium="png", resolution="300"))
        self.assertEqual(
            read, [[("]d2", f"01{PHONE_GTIN}21{name}".encode())] for name in names]
        )

    def test_a_qr_code_carries_the_link_of_ones_own_address(self):
        self.roll.link_domain = "https://id.example.com"
        wizard = self.print(
            self.phones[0], layout_id=self.roll.id, symbology="qr", medium="png"
        )
        link = f"https://id.example.com/01/{PHONE_GTIN}/21/32a%2Fb"
        self.assertEqual(
            self.read_image(self.content(wizard)), [("]Q1", link.encode())]
        )
        self.assertEqual(wizard.filename, "Label of 32ab.png")

    def test_batch_expiry_and_production_date_stand_in_the_symbol(self):
        batch = self.env["serial.batch"].create(
            {
                "name": "B17A",
                "product_id": self.pack.id,
                "production_date": "2026-01-02",
                "expiration_date": "2027-09-01",
            }
        )
        pack = self.env["stock.lot"].create(
            {"name": "A1", "product_id": self.pack.id, "batch_id": batch.id}
        )
        layout = self.layout("a4_21")
        layout.encode_production = True
        (read,) = self.read_image(
            self.content(self.print(pack, layout_id=layout.id, medium="png"))
        )
        data = f"01{PACK_GTIN}172709011126010210B17A\x1d21A1"
        self.assertEqual(read, ("]d2", data.encode()))

    def test_what_the_layout_leaves_out_is_not_in_the_symbol(self):
        batch = self.env["serial.batch"].create(
            {"name": "B17A", "product_id": self.phone.id}
        )
        phone = self.env["stock.lot"].create(
            {"name": "A1", "product_id": self.phone.id, "batch_id": batch.id}
        )
        self.roll.encode_batch = False
        wizard = self.print(phone, layout_id=self.roll.id, medium="png")
        data = f"01{PHONE_GTIN}21A1".encode()
        self.assertEqual(self.read_image(self.content(wizard)), [("]d2", data)])

    def test_a_lot_is_named_by_its_batch(self):
        self.cable.barcode = "09520001400018"
        self.env["serial.label.layout"].search([]).encode_batch = False
        lot = self.receive(self.cable, ["L-7"], quantity=5)
        wizard = self.print(lot, medium="png")
        data = b"010952000140001810L-7"
        self.assertEqual(self.read_image(self.content(wizard)), [("]d2", data)])

    def test_zpl_lets_the_printer_draw_the_symbol(self):
        wizard = self.print(self.phones, medium="zpl", copies=2, resolution="300")
        zpl = self.content(wizard).decode("ascii")
        self.assertEqual(zpl.count("^XA"), 3)
        self.assertEqual(zpl.count("^PQ2"), 3)
        self.assertIn(f"^FH\\^FD_101{PHONE_GTIN}2132a/b^FS", zpl)

    def test_pdf_and_svg_are_files_of_their_kind(self):
        pdf = self.print(self.phones, medium="pdf")
        self.assertTrue(self.content(pdf).startswith(b"%PDF-"))
        self.assertEqual(pdf.filename, "3 labels.pdf")
        svg = self.print(self.phones[0], medium="svg", reason="Torn")
        self.assertTrue(self.content(svg).startswith(b"<svg"))

    def test_the_file_is_handed_over(self):
        wizard = self.wizard(self.phones)
        action = wizard.action_print()
        self.assertEqual(action["tag"], "serial_label_download")
        url = action["params"]["url"]
        self.assertIn(f"/serial.label.wizard/{wizard.id}/data?", url)

    # ---- The ledger ----

    def test_printing_is_one_event_on_the_ledger(self):
        self.print(self.phones)
        (event,) = self.events(self.phones, biz_step="encoding")
        self.assertRecordValues(
            event,
            [
                {
                    "event_type": "ObjectEvent",
                    "action": "OBSERVE",
                    "unit_count": 3,
                    "user_res_id": self.operator.id,
                    "reason": False,
                }
            ],
        )

    def test_printing_changes_neither_state_nor_holder(self):
        before = self.phones.mapped(lambda lot: (lot.disposition, lot.custodian_id))
        self.print(self.phones)
        after = self.phones.mapped(lambda lot: (lot.disposition, lot.custodian_id))
        self.assertEqual(before, after)

    def test_each_label_is_recorded(self):
        self.print(self.phones, layout_id=self.roll.id, symbology="qr", copies=2)
        self.assertRecordValues(
            self.env["serial.label.print"].search([], order="id"),
            [
                {
                    "name": phone.name,
                    "lot_id": phone.id,
                    "product_id": self.phone.id,
                    "layout_name": self.roll.name,
                    "symbology": "qr",
                    "medium": "pdf",
                    "copies": 2,
                    "is_reprint": False,
                    "create_uid": self.operator.id,
                }
                for phone in self.phones
            ],
        )

    def test_the_transfer_is_the_document(self):
        self.print(self.delivery)
        (event,) = self.events(self.phones, biz_step="encoding")
        self.assertEqual(event.document_model, "stock.picking")
        self.assertEqual(event.document_res_id, self.delivery.id)

    def test_a_batch_prints_all_its_serials(self):
        batch = self.env["serial.batch"].create(
            {"name": "B17A", "product_id": self.phone.id}
        )
        self.correct(self.phones, batch_id=batch.id)
        self.assertEqual(self.wizard(batch).lot_ids, self.phones)
        self.print(batch)
        (event,) = self.events(self.phones, biz_step="encoding")
        self.assertEqual(event.document_name, "B17A")

    # ---- Printing again ----

    def test_printing_again_asks_for_a_reason(self):
        self.print(self.phones[0])
        with self.assertRaisesRegex(UserError, "1 of the labels were printed before"):
            self.print(self.phones)
        with self.assertRaisesRegex(UserError, "Enter the reason"):
            self.print(self.phones, reason="  ")
        self.assertEqual(len(self.events(self.phones, biz_step="encoding")), 1)

    def test_the_reason_stands_on_the_ledger_of_what_was_printed_before(self):
        self.print(self.phones[0])
        self.print(self.phones, reason="The first one was torn")
        events = self.events(self.phones, biz_step="encoding").sorted("id")
        self.assertEqual(
            [(event.unit_count, event.reason) for event in events],
            [(1, False), (2, False), (1, "The first one was torn")],
        )
        rows = self.env["serial.label.print"].search([("is_reprint", "=", True)])
        self.assertRecordValues(
            rows, [{"lot_id": self.phones[0].id, "reason": "The first one was torn"}]
        )

    def test_the_dialog_says_what_was_printed_before(self):
        self.print(self.phones[0])
        form = self.form(self.phones)
        self.assertEqual((form.label_count, form.reprint_count), (3, 1))

    # ---- The dialog ----

    def test_the_preview_follows_layout_and_symbol(self):
        form = self.form(self.phones)
        seen = {form.preview}
        form.layout_id = self.roll
        seen.add(form.preview)
        form.symbology = "qr"
        seen.add(form.preview)
        form.medium = "zpl"
        seen.add(form.preview)
        self.assertEqual(len(seen), 4)
        self.assertFalse(form.fault)

    def test_the_preview_says_what_is_wrong(self):
        form = self.form(self.phones)
        form.layout_id = self.layout("a4_65")
        form.symbology = "gs1_128"
        self.assertFalse(form.preview)
        self.assertIn("The label has no room for its symbol", form.fault)

    def test_the_symbol_is_that_of_the_layout(self):
        self.layout("roll_50x25").symbology = "qr"
        form = self.form(self.phones)
        form.layout_id = self.layout("roll_50x25")
        self.assertEqual(form.symbology, "qr")

    # ---- What is refused ----

    def test_a_product_without_gtin_is_refused(self):
        self.phone.barcode = False
        with self.assertRaisesRegex(UserError, "Phone has no GTIN, so that no GS1"):
            self.print(self.phones)
        self.phone.barcode = "PHONE-1"
        with self.assertRaisesRegex(UserError, "Enter the GTIN as the product's"):
            self.print(self.phones)

    def test_a_serial_that_gs1_does_not_allow_is_refused(self):
        for name in ("SN 1", "A" * 21, "é1"):
            phone = self.receive(self.phone, [name])
            for symbology in ("datamatrix", "qr", "gs1_128"):
                with (
                    self.subTest(name=name, symbology=symbology),
                    self.assertRaisesRegex(UserError, "cannot be printed"),
                ):
                    self.print(phone, symbology=symbology)
            self.assertFalse(self.events(phone, biz_step="encoding"))

    def test_a_serial_that_is_out_of_use_gets_no_label(self):
        retirer = self.env["serial.retirer"].with_user(self.quality_manager)
        retirer._retire(
            self.phones[:1].with_user(self.quality_manager), "destroy", "Burnt"
        )
        with self.assertRaisesRegex(UserError, "is out of use for good"):
            self.print(self.phones)

    def test_nothing_is_recorded_where_one_label_of_many_is_refused(self):
        phones = self.phones | self.receive(self.phone, ["SN 1"])
        with self.assertRaisesRegex(UserError, "The label of SN 1 cannot be printed"):
            self.print(phones)
        self.assertFalse(self.events(phones, biz_step="encoding"))
        self.assertFalse(self.env["serial.label.print"].search([]))

    def test_nothing_to_print_is_refused(self):
        with self.assertRaisesRegex(UserError, "nothing to print a label for"):
            self.print(self.env["stock.lot"])

    def test_more_than_a_file_holds_is_refused(self):
        for copies in (0, -1, 4000):
            with (
                self.subTest(copies=copies),
                self.assertRaisesRegex(UserError, "one file has 1 to 5,?000 labels"),
            ):
                self.print(self.phones, copies=copies)

    def test_places_used_already_are_those_of_one_sheet(self):
        layout = self.layout("a4_21")
        for skip in (-1, 21):
            with (
                self.subTest(skip=skip),
                self.assertRaisesRegex(UserError, "has 21 labels"),
            ):
                self.print(self.phones, layout_id=layout.id, skip=skip)
        self.print(self.phones, layout_id=layout.id, skip=20)

    # ---- Reports of one's own ----

    def test_a_report_of_ones_own_is_printed_and_recorded(self):
        report = self.env.ref("serial_traceability.action_report_serial_label")
        self.roll.report_id = report
        wizard = self.wizard(self.phones, layout_id=self.roll.id)
        action = wizard.action_print()
        self.assertEqual(
            action["report_name"], "serial_traceability.report_serial_label"
        )
        self.assertEqual(action["context"]["active_ids"], self.phones.ids)
        self.assertEqual(len(self.events(self.phones, biz_step="encoding")), 1)

    def test_the_report_shows_the_symbol_of_each_serial(self):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "serial_traceability.report_serial_label", self.phones.ids
        )
        for phone in self.phones:
            self.assertIn(escape(phone.symbol_url), html.decode())

    # ---- Cost ----

    def test_the_queries_do_not_grow_with_the_labels(self):
        counts = {}
        for count in (1, 10, 100):
            phones = self.receive(self.phone, [f"Q{count}-{n}" for n in range(count)])
            wizard = self.wizard(phones, layout_id=self.roll.id)
            counts[count] = self.count_queries(wizard.action_print)
        self.assertEqual(counts[10], counts[100], counts)
        self.assertLessEqual(counts[100], counts[1] + 2, counts)
