from odoo import api, fields, models


class PosOrder(models.Model):
    _inherit = "pos.order"

    serial_handed_over = fields.Boolean(
        "Handed Over Before",
        copy=False,
        help="The customer had the goods before the server heard of the sale: it was "
        "made without a connection, or sent while its session was being closed. Units "
        "on hold are then listed instead of refused.",
    )
    serial_exception_count = fields.Integer(
        compute="_compute_serial_exception_count",
        groups="serial_traceability.group_serial_reader",
    )

    def _compute_serial_exception_count(self):
        groups = dict(
            self.env["serial.pos.exception"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.serial_exception_count = groups.get(order._origin, 0)

    @api.model
    def _process_order(self, order, existing_order):
        """Take note of orders that come when their session is over: there is nobody at
        the till any more to take a unit back.
        """
        session = self.env["pos.session"].browse(order["session_id"])
        if session.state in ("closing_control", "closed"):
            order["serial_handed_over"] = True
        return super()._process_order(order, existing_order)

    def _process_saved_order(self, draft):
        """Refuse to sell units on hold, as long as they are still at the till.

        Before the transfer is made, whose refusal nobody would hear of.
        """
        if not draft and self.state != "cancel" and not self.serial_handed_over:
            shop, customer = self._get_serial_places()
            passings = self.lines._get_serial_passings(shop, customer)
            self.env["serial.gate"]._check(passings, lock=True)
        return super()._process_saved_order(draft)

    def _get_serial_places(self):
        """Return the locations that units of the order leave and reach."""
        # Stands in for reading the set-up of the till, which selling includes.
        operation = self.sudo().config_id.picking_type_id
        customer = (
            self.partner_id.sudo().property_stock_customer
            or operation.default_location_dest_id
            or self.env["stock.warehouse"].sudo()._get_partner_locations()[0]
        )
        return operation.default_location_src_id, customer

    def action_open_serial_exceptions(self):
        """Open the list of units that were sold on hold."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Units of %(order)s sold on hold", order=self.name),
            "res_model": "serial.pos.exception",
            "view_mode": "list,form",
            "domain": [("order_id", "=", self.id)],
        }
