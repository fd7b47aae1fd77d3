import contextlib

from odoo.exceptions import UserError
from odoo.fields import Command

from ..common import SerialCase


class LockCase(SerialCase):
    """Serials A, B and C of a phone and a lot of 10 cables in stock, with what it
    takes to hold them: reasons, a quarantine and an override.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quality = cls.env.ref("serial_traceability.hold_reason_quality")
        cls.theft = cls.env.ref("serial_traceability.hold_reason_theft")
        cls.recall_reason = cls.env.ref("serial_traceability.hold_reason_recall")
        cls.quarantine = cls.env["stock.location"].create(
            {
                "name": "Quarantine",
                "location_id": cls.warehouse.view_location_id.id,
                "serial_keeping": "quarantine",
            }
        )
        cls.lots = cls.receive(cls.phone, ["A", "B", "C"])
        cls.lot_a, cls.lot_b, cls.lot_c = cls.lots
        cls.reel = cls.receive(cls.cable, ["REEL"], quantity=10)

    @classmethod
    def place(cls, lots, reason=None, **values):
        """Hold lots as the quality manager, without asking for rights."""
        lock = cls.env["serial.lock"].with_user(cls.quality_manager).sudo()
        lock._place(lots, reason or cls.quality, **values)
        lots.invalidate_recordset()
        return lots.hold_ids

    @classmethod
    def lift(cls, lots, why="Checked"):
        lock = cls.env["serial.lock"].with_user(cls.quality_manager).sudo()
        lock._lift(lots.hold_ids.filtered(lambda hold: hold.state == "open"), why)

    @classmethod
    def order(cls, product, quantity, operation=None, destination=None):
        """Return a confirmed delivery, with nothing reserved."""
        operation = operation or cls.warehouse.out_type_id
        operation.sudo().reservation_method = "manual"
        picking = cls.transfer(
            operation,
            cls.stock_location,
            destination or cls.customer_location,
            [(product, quantity)],
            partner=cls.customer,
        )
        picking.action_confirm()
        return picking

    @classmethod
    def chain(cls, product, quantity):
        """Return a confirmed delivery in two steps: picking and shipping."""
        cls.warehouse.delivery_steps = "pick_ship"
        cls.warehouse.pick_type_id.reservation_method = "manual"
        output = cls.warehouse.wh_output_stock_loc_id
        lines = [(product, quantity)]
        pick = cls.transfer(
            cls.warehouse.pick_type_id, cls.stock_location, output, lines
        )
        ship = cls.transfer(
            cls.warehouse.out_type_id,
            output,
            cls.customer_location,
            lines,
            cls.customer,
        )
        ship.move_ids.write(
            {
                "move_orig_ids": [Command.link(pick.move_ids.id)],
                "procure_method": "make_to_order",
            }
        )
        (pick | ship).action_confirm()
        return pick, ship

    @classmethod
    def line_vals(cls, picking, lot, quantity=1, **values):
        """Return what creates a line of ``lot`` on a transfer."""
        return {
            "product_id": lot.product_id.id,
            "lot_id": lot.id,
            "quantity": quantity,
            "picking_id": picking.id,
            "move_id": picking.move_ids[:1].id,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            **values,
        }

    def add_line(self, picking, lot, quantity=1, **values):
        vals = self.line_vals(picking, lot, quantity, **values)
        return self.env["stock.move.line"].with_user(self.operator).create(vals)

    def quants(self, lots):
        """Return ``[(place, quantity, reserved)]`` of lots, all quants of them."""
        self.env.flush_all()
        self.env.invalidate_all()
        quants = self.env["stock.quant"].search(
            [("lot_id", "in", lots.ids)], order="lot_id, location_id, id"
        )
        return [
            (quant.location_id, quant.quantity, quant.reserved_quantity)
            for quant in quants
            if quant.location_id.usage == "internal"
        ]

    @contextlib.contextmanager
    def assert_refused(self, *words):
        """Expect a refusal that names all ``words``, and take back what it undoes."""
        expression = "(?s)" + "".join(f"(?=.*{word})" for word in words)
        with self.assertRaisesRegex(UserError, expression), self.cr.savepoint():
            yield

    @classmethod
    def scrap(cls, lot, quantity=1):
        scrap = cls.env["stock.scrap"].create(
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "scrap_qty": quantity,
                "location_id": cls.stock_location.id,
            }
        )
        scrap.do_scrap()
        return scrap
