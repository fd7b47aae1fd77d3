from odoo import api, fields, models
from odoo.exceptions import AccessError

_QUALITY_MANAGER = "serial_traceability.group_serial_quality_manager"


class SerialPosException(models.Model):
    """One unit on hold that a till sold all the same, because nothing could stop it.

    Written when the server hears of a sale that was made without it, or makes the
    transfer of a session in the course of which the unit was held. The stock says then
    what happened. A quality manager gets an activity, writes what came out of it, and
    closes it. Nobody deletes one.
    """

    _name = "serial.pos.exception"
    _description = "Unit on Hold That Was Sold"
    _inherit = ["serial.steps", "mail.thread", "mail.activity.mixin"]
    _order = "state desc, id desc"
    _rec_name = "lot_id"

    _beginning = {"state": "open"}

    order_id = fields.Many2one(
        "pos.order", required=True, readonly=True, index=True, ondelete="restrict"
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Serial",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    product_id = fields.Many2one(related="lot_id.product_id", store=True, index=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    circumstance = fields.Selection(
        [
            ("handed_over", "Sold before the server knew"),
            ("held_since", "Held between sale and transfer"),
        ],
        required=True,
        readonly=True,
    )
    why = fields.Text("Why It Was Stopped", readonly=True)
    sold_time = fields.Datetime("Sold", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index="btree_not_null"
    )
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", readonly=True, index="btree_not_null"
    )
    config_id = fields.Many2one(
        related="order_id.config_id", string="Point of Sale", store=True
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        default="open",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    conclusion = fields.Text(help="What came out of it: called back, refunded, lost.")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )

    # ---- Raising ----

    @api.model
    def _raise(self, picking, units):
        """List units on hold that have been sold, and call for a quality manager.

        :param picking: the transfer that says so.
        :param units: triples of order line, lot, and why the gate refuses it.
        """
        # Stands in for the right to create exceptions, which nobody has: selling does.
        exceptions = self.sudo().create(
            [self._prepare_vals(picking, *unit) for unit in units]
        )
        for order_exceptions in exceptions.grouped("order_id").values():
            order_exceptions._schedule()

    @api.model
    def _prepare_vals(self, picking, line, lot, why):
        order = line.order_id
        serial = lot.product_id.tracking == "serial"
        return {
            "order_id": order.id,
            "lot_id": lot.id,
            "quantity": 1 if serial else abs(line.qty),
            "circumstance": "handed_over" if order.serial_handed_over else "held_since",
            "why": why,
            "sold_time": order.date_order,
            "partner_id": order.partner_id.id,
            "picking_id": picking.id,
            "company_id": order.company_id.id,
            "conclusion": False,
        }

    def _schedule(self):
        """Give a quality manager an activity about these units of one order."""
        user = self._find_quality_manager()
        if not user:
            return
        self[0].activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=user.id,
            summary=self.env._("Units on hold were sold"),
            note=self.env._(
                "%(order)s sold %(serials)s, on hold. The customer has them: call them "
                "back, and say here what came out of it.",
                order=self.order_id.name,
                serials=", ".join(self.lot_id.mapped("name")),
            ),
        )

    def _find_quality_manager(self):
        """Return who placed the last of the holds, or another quality manager."""
        managers = self.env.ref(_QUALITY_MANAGER).all_user_ids.filtered(
            lambda user: user.active and self.company_id <= user.company_ids
        )
        holds = self.env["serial.hold"].union(*self.lot_id._get_open_holds().values())
        placers = holds.sorted("id", reverse=True).mapped("placed_by_id")
        return (placers & managers)[:1] or managers.sorted("id")[:1]

    # ---- Closing ----

    def action_close(self):
        """Close exceptions that were looked into.

        :raises AccessError: where the user is no quality manager.
        """
        self._check_quality_manager()
        self._note({"state": "closed"})
        self.activity_feedback(["mail.mail_activity_data_warning"])

    def action_reopen(self):
        """Open exceptions again.

        :raises AccessError: where the user is no quality manager.
        """
        self._check_quality_manager()
        self._note({"state": "open"})

    def _check_quality_manager(self):
        if not self.env.su and not self.env.user.has_group(_QUALITY_MANAGER):
            raise AccessError(
                self.env._(
                    "What came of units that were sold on hold, only a quality manager "
                    "of Serial Traceability says. Ask one of them."
                )
            )
        self.check_access("write")

    def write(self, vals):
        """Let people say what came out of it; what happened stands fast."""
        if not self.env.su and not vals.keys() <= {"conclusion"}:
            raise AccessError(
                self.env._(
                    "What was sold on hold stands as it was. Write what came out of it."
                )
            )
        return super().write(vals)
