from odoo.tests import tagged

from .common import ScanCase, symbol


@tagged("post_install", "-at_install")
class TestScanningCoreEntry(ScanCase):
    """Odoo's own ways to enter serials go on working, alone and beside scanning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls.open_receipt((cls.phone, 3))
        cls.move_record = cls.picking.move_ids

    def enter(self, mode, first="", count=0, text=""):
        """Do what core's dialogs Generate Serials and Import Serials do."""
        move = self.move_record
        context = {
            "default_product_id": self.phone.id,
            "default_location_dest_id": move.location_dest_id.id,
            "default_location_id": move.location_id.id,
            "default_tracking": "serial",
            "default_quantity": 3,
            "default_company_id": self.company.id,
            "default_picking_type_id": self.picking.picking_type_id.id,
        }
        moves = self.env["stock.move"].with_user(self.operator)
        vals_list = moves.action_generate_lot_line_vals(
            context, mode, first, count, text
        )
        names = [vals["lot_name"] for vals in vals_list]
        move.move_line_ids.unlink()
        move.move_line_ids = [
            (0, 0, {**move._prepare_move_line_vals(quantity=1), "lot_name": name})
            for name in names
        ]
        return names

    def test_generate_serials(self):
        names = self.enter("generate", "SN001", 3)
        self.assertEqual(names, ["SN001", "SN002", "SN003"])
        self.validate(self.picking)
        lots = self.picking.move_line_ids.lot_id
        self.assertEqual(set(lots.mapped("name")), set(names))
        self.assertEqual(len(self.events(lots, movement="receipt").line_ids), 3)

    def test_import_serials(self):
        names = self.enter("import", text="A1\nA2\nA3")
        self.validate(self.picking)
        lots = self.picking.move_line_ids.lot_id
        self.assertEqual(set(lots.mapped("name")), set(names))

    def test_generate_by_the_move(self):
        self.move_record.move_line_ids.unlink()
        self.move_record._generate_serial_numbers("SN001", 3)
        self.assertEqual(
            self.move_record.move_line_ids.mapped("lot_name"),
            ["SN001", "SN002", "SN003"],
        )

    def test_generated_serials_are_checked_off_by_scanning(self):
        self.enter("generate", "SN001", 3)
        self.scan_in(self.picking, symbol("SN002"))
        picked = self.picking.move_line_ids.filtered("picked")
        self.assertEqual(picked.mapped("lot_name"), ["SN002"])
        self.assertEqual(len(self.picking.move_line_ids), 3)

    def test_lot_and_product_labels(self):
        lots = self.receive(self.phone, ["A1", "A2"])
        report = self.env.ref("stock.label_lot_template")
        labels, _kind = report._render_qweb_text(report.report_name, lots.ids)
        for name in (b"A1", b"A2"):
            self.assertIn(name, labels)
        layout = self.env["product.label.layout"].create(
            {"product_ids": self.phone.ids, "print_format": "2x7xprice"}
        )
        self.assertEqual(layout.process()["type"], "ir.actions.report")
