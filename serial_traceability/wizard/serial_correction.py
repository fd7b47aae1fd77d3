from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

#: Sealed fields that a single serial can have corrected.
_LOT_FIELDS = (
    "name",
    "ref",
    "batch_id",
    "production_date",
    "expiration_date",
    "use_date",
    "removal_date",
    "alert_date",
)
#: Those of them that several serials can have in common.
_COMMON_FIELDS = _LOT_FIELDS[2:]
#: Field of this wizard to field of the batch.
_BATCH_FIELDS = {
    "batch_name": "name",
    "manufacturer_id": "manufacturer_id",
    "production_date": "production_date",
    "batch_expiration_date": "expiration_date",
}


class SerialCorrection(models.TransientModel):
    """A correction being entered, of serials or of one batch, with its reason.

    Quality managers fill it in; applying it writes the serials or the batch, and the
    ledger tells old, new, why and by whom.
    """

    _name = "serial.correction"
    _description = "Correction of Serials"

    lot_ids = fields.Many2many("stock.lot", string="Serials", readonly=True)
    corrected_batch_id = fields.Many2one("serial.batch", readonly=True)
    lot_count = fields.Integer(compute="_compute_lots")
    product_ids = fields.Many2many("product.product", compute="_compute_lots")
    use_expiration_date = fields.Boolean(compute="_compute_lots")
    tracked_by_serial = fields.Boolean(compute="_compute_lots")

    name = fields.Char("Number")
    ref = fields.Char("Internal Reference")
    batch_id = fields.Many2one(
        "serial.batch", domain="[('product_id', 'in', product_ids)]"
    )
    expiration_date = fields.Datetime()
    use_date = fields.Datetime("Best Before")
    removal_date = fields.Datetime()
    alert_date = fields.Datetime()
    batch_name = fields.Char("Batch Number")
    manufacturer_id = fields.Many2one("res.partner")
    production_date = fields.Date()
    batch_expiration_date = fields.Date("Expiry")
    reason = fields.Text(
        required=True, help="Stands in the history beside the old and the new value."
    )

    @api.depends("lot_ids")
    def _compute_lots(self):
        for wizard in self:
            products = wizard.lot_ids.product_id
            wizard.lot_count = len(wizard.lot_ids)
            wizard.product_ids = products
            wizard.use_expiration_date = any(products.mapped("use_expiration_date"))
            wizard.tracked_by_serial = set(products.mapped("tracking")) == {"serial"}

    @api.model
    def default_get(self, fields):
        """Start from what the chosen serial or batch says now."""
        values = super().default_get(fields)
        ids = self.env.context.get("active_ids", [])
        if self.env.context.get("active_model") == "stock.lot":
            lots = self.env["stock.lot"].browse(ids)
            values["lot_ids"] = [Command.set(lots.ids)]
            if len(lots) == 1:
                values |= {name: _value(lots[name]) for name in _LOT_FIELDS}
        elif self.env.context.get("active_model") == "serial.batch":
            batch = self.env["serial.batch"].browse(ids[:1])
            values["corrected_batch_id"] = batch.id
            values |= {own: _value(batch[name]) for own, name in _BATCH_FIELDS.items()}
        return values

    @api.onchange("batch_id")
    def _onchange_batch_id(self):
        """Propose the batch's dates, which its serials follow."""
        batch = self.batch_id
        self.production_date = batch.production_date or self.production_date
        if batch and self.use_expiration_date:
            expiration = batch._get_expiration_datetime()
            self.expiration_date = expiration or self.expiration_date

    def action_apply(self):
        """Correct the serials or the batch.

        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where nothing is different, or there is no reason.
        """
        self.ensure_one()
        if not self.env.user.has_group(
            "serial_traceability.group_serial_quality_manager"
        ):
            raise AccessError(
                self.env._("Only a quality manager may correct serials and batches.")
            )
        target = self.corrected_batch_id or self.lot_ids
        values = self._get_values()
        if not values:
            raise UserError(
                self.env._(
                    "Nothing is different from what is recorded now. Enter what is "
                    "right, or close this window."
                )
            )
        target.correct(values, self.reason)
        return {"type": "ir.actions.act_window_close"}

    def _get_values(self):
        """Return what the wizard changes, by field of the serial or batch."""
        if self.corrected_batch_id:
            return {
                name: _value(self[own])
                for own, name in _BATCH_FIELDS.items()
                if self[own] != self.corrected_batch_id[name]
            }
        if len(self.lot_ids) == 1:
            return {
                name: _value(self[name])
                for name in _LOT_FIELDS
                if _value(self[name]) != _value(self.lot_ids[name])
            }
        return {name: _value(self[name]) for name in _COMMON_FIELDS if self[name]}


def _value(value):
    """Return a field's value as ``write`` takes it, datetimes in whole seconds."""
    if isinstance(value, models.BaseModel):
        return value.id
    return value.replace(microsecond=0) if hasattr(value, "hour") else value
