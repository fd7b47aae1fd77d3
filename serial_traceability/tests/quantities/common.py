from odoo import fields
from odoo.fields import Command

from ..common import SerialCase


class QuantityCase(SerialCase):
    """Phones by serial and cables by lot in stock, and holds on some of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("serial_traceability.hold_reason_quality")
        cls.phones = cls.receive(cls.phone, ["P1", "P2", "P3"])
        cls.reel, cls.other_reel = cls.receive(cls.cable, ["C1", "C2"], quantity=10)

    @classmethod
    def hold(cls, lots):
        """Place a hold on lots; return the holds."""
        lock = cls.env["serial.lock"].with_user(cls.quality_manager).sudo()
        lock._place(lots, cls.reason)
        return cls.env["serial.hold"].search(
            [("lot_id", "in", lots.ids), ("state", "=", "open")]
        )

    @classmethod
    def release(cls, holds):
        cls.env["serial.lock"].with_user(cls.quality_manager).sudo()._lift(
            holds, "Checked"
        )

    def assertQuantities(self, product, on_hand, free, forecast, **context):
        """Compare what is on hand, free and forecast, as the operator reads it."""
        values = product.with_user(self.operator).with_context(**context)
        [read] = values.read(["qty_available", "free_qty", "virtual_available"])
        self.assertEqual(
            [read[name] for name in ("qty_available", "free_qty", "virtual_available")],
            [on_hand, free, forecast],
        )

    @classmethod
    def reserve(cls, product, quantity, operation=None, destination=None, lots=None):
        """Return a transfer that has reserved units, to the customer by default."""
        picking = cls.transfer(
            operation or cls.warehouse.out_type_id,
            cls.stock_location,
            destination or cls.customer_location,
            [(product, quantity)],
            partner=cls.customer,
        )
        picking.action_confirm()
        if lots is None:
            picking.action_assign()
            return picking
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "lot_id": lot.id,
                    "quantity": quantity / len(lots),
                    "location_id": cls.stock_location.id,
                    "location_dest_id": picking.location_dest_id.id,
                    "picking_id": picking.id,
                }
            )
            for lot in lots
        ]
        return picking

    @classmethod
    def expire(cls, lots):
        """Have lots be removed from stock as of yesterday."""
        yesterday = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        dates = dict.fromkeys(("removal_date", "expiration_date"), yesterday)
        lots.with_user(cls.quality_manager).correct(dates, "Read wrongly")

    @classmethod
    def quarantine(cls):
        """Return a place that takes held units."""
        return cls.env["stock.location"].create(
            {
                "name": "Quarantine",
                "location_id": cls.warehouse.view_location_id.id,
                "serial_keeping": "quarantine",
            }
        )
