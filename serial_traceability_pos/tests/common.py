from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.point_of_sale.tests.common import CommonPosTest
from odoo.addons.serial_traceability.tests.common import SerialCase


class PosCase(SerialCase, CommonPosTest):
    """A till that sells phones by serial and cables by lot; its cashier has no role of
    Serial Traceability. Odoo asks a cashier who sells serials to be a stock user.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = new_test_user(
            cls.env,
            login="serial_cashier",
            groups="point_of_sale.group_pos_user,stock.group_stock_user",
        )
        cls.env.user.group_ids += cls.env.ref("serial_traceability.group_serial_reader")
        cls.reason = cls.env.ref("serial_traceability.hold_reason_quality")
        (cls.phone | cls.cable).write({"available_in_pos": True, "taxes_id": False})
        cls.phones = cls.receive(cls.phone, ["P1", "P2", "P3"])
        [cls.reel] = cls.receive(cls.cable, ["C1"], quantity=10)
        cls.till = cls.pos_config_usd
        cls.till.with_user(cls.cashier).open_ui()
        cls.session = cls.till.current_session_id
        cls.session.update_stock_at_closing = False

    @classmethod
    def hold(cls, lots, reason=None):
        """Place a hold on lots, as the quality manager."""
        lock = cls.env["serial.lock"].with_user(cls.quality_manager).sudo()
        lock._place(lots, reason or cls.reason)

    @classmethod
    def sale(cls, lots, quantity=1, partner=None, **values):
        """Return an order as the till sends it: one line for each product, paid."""
        lines = [
            Command.create(
                {
                    "product_id": product.id,
                    "qty": quantity * len(product_lots),
                    "price_unit": 10,
                    "price_subtotal": 10 * quantity * len(product_lots),
                    "price_subtotal_incl": 10 * quantity * len(product_lots),
                    "tax_ids": [Command.clear()],
                    "pack_lot_ids": [
                        Command.create({"lot_name": lot.name}) for lot in product_lots
                    ],
                }
            )
            for product, product_lots in lots.grouped("product_id").items()
        ]
        amount = sum(line[2]["price_subtotal"] for line in lines)
        return {
            "uuid": f"serial-{cls.env['pos.order'].search_count([])}-{lots.ids}",
            "access_token": "token",
            "state": "paid",
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "session_id": cls.session.id,
            "partner_id": partner.id if partner else False,
            "company_id": cls.company.id,
            "pricelist_id": cls.till.pricelist_id.id,
            "amount_total": amount,
            "amount_paid": amount,
            "amount_tax": 0,
            "amount_return": 0,
            "lines": lines,
            "payment_ids": [
                Command.create(
                    {
                        "amount": amount,
                        "name": fields.Datetime.to_string(fields.Datetime.now()),
                        "payment_method_id": cls.bank_payment_method.id,
                    }
                )
            ],
            "to_invoice": False,
            **values,
        }

    @classmethod
    def sync(cls, *orders):
        """Send orders, as the till does; return them."""
        answer = cls.env["pos.order"].with_user(cls.cashier).sync_from_ui(list(orders))
        return cls.env["pos.order"].browse(row["id"] for row in answer["pos.order"])

    @classmethod
    def close(cls):
        """Close the session."""
        cls.session.with_user(cls.cashier).action_pos_session_closing_control()

    def exceptions(self):
        """Return all of the company's exceptions."""
        return self.env["serial.pos.exception"].search([])

    def on_hand(self, lot):
        return lot.with_context(location=self.stock_location.id).product_qty
