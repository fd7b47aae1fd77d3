from datetime import datetime, time
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import CHANGE_REASON, DOCUMENT

#: What serials take over from their batch; sealed once one of them has history.
_SEALED_FIELDS = ("name", "expiration_date", "production_date")


class SerialBatch(models.Model):
    """A production batch that serials came from: GS1 AI 10 and what it decides.

    Scanning a delivery creates batches; the units received carry them. Operators may
    create one, correcting one whose serials have history needs a reason and is told
    on the ledger of each of them.
    """

    _name = "serial.batch"
    _description = "Production Batch"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char("Batch Number", required=True, index="trigram", tracking=True)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain=[("tracking", "=", "serial")],
    )
    company_id = fields.Many2one("res.company", index=True)
    production_date = fields.Date(tracking=True)
    expiration_date = fields.Date("Expiry", tracking=True)
    manufacturer_id = fields.Many2one("res.partner", ondelete="restrict")
    supplier_id = fields.Many2one("res.partner", ondelete="restrict")
    country_id = fields.Many2one("res.country", "Country of Origin")
    lot_ids = fields.One2many("stock.lot", "batch_id", "Serials")
    lot_count = fields.Integer("Serial Count", compute="_compute_lot_count")

    _name_unique = models.UniqueIndex(
        "(product_id, name, COALESCE(manufacturer_id, 0), COALESCE(company_id, 0))",
        "This product already has a batch of that number from that manufacturer.",
    )

    @api.depends("lot_ids")
    def _compute_lot_count(self):
        counts = dict(
            self.env["stock.lot"]._read_group(
                [("batch_id", "in", self.ids)], ["batch_id"], ["__count"]
            )
        )
        for batch in self:
            batch.lot_count = counts.get(batch._origin, 0)

    @api.constrains("production_date", "expiration_date")
    def _check_dates(self):
        for batch in self:
            produced, expires = batch.production_date, batch.expiration_date
            if produced and expires and produced > expires:
                raise UserError(
                    self.env._(
                        "Batch %(batch)s cannot expire on %(expires)s, before it was "
                        "produced on %(produced)s. Correct one of the two dates.",
                        batch=batch.name,
                        expires=expires,
                        produced=produced,
                    )
                )

    def write(self, vals):
        """Carry a correction to the batch's serials and onto their ledger."""
        if not any(name in vals for name in _SEALED_FIELDS):
            return super().write(vals)
        before = {batch: [batch[name] for name in _SEALED_FIELDS] for batch in self}
        result = super().write(vals)
        for batch, old in before.items():
            changes = batch._get_changes(old)
            if changes:
                batch._carry_changes(changes)
        return result

    def _get_changes(self, old):
        """Return ``[(field name, old value, new value)]`` against ``old``."""
        return [
            (name, value, self[name])
            for name, value in zip(_SEALED_FIELDS, old, strict=True)
            if value != self[name]
        ]

    def _carry_changes(self, changes):
        """Tell the batch's serials and their ledger what changed."""
        # Stands in for seeing serials that another company holds: a batch shared by
        # companies is one batch.
        lots = self.sudo().lot_ids
        lots._record_batch_changes(changes)
        expiration = self._get_expiration_datetime()
        if expiration and any(name == "expiration_date" for name, *_rest in changes):
            followers = lots.filtered(lambda lot: lot.product_id.use_expiration_date)
            followers.with_context(
                **{DOCUMENT: (self._name, self.id, self.name)}
            ).write({"expiration_date": expiration})

    def _get_expiration_datetime(self):
        """Return the end of the expiry day in the company's time zone, in UTC.

        :return: naive datetime, or False where the batch has no expiry.
        """
        if not self.expiration_date:
            return False
        company = self.company_id or self.env.company
        # Stands in for the right to read one's own company's contact.
        zone = ZoneInfo(company.sudo().partner_id.tz or "UTC")
        last = datetime.combine(self.expiration_date, time(23, 59, 59), zone)
        return last.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    def correct(self, values, reason):
        """Correct the batch although its serials have history.

        :param values: field name to new value.
        :param reason: why, as text; stands on the ledger of each serial.
        """
        return self.with_context(**{CHANGE_REASON: reason}).write(values)

    def action_open_serials(self):
        """Open the list of the batch's serials."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Serials of batch %(batch)s", batch=self.name),
            "res_model": "stock.lot",
            "view_mode": "list,form",
            "domain": [("batch_id", "=", self.id)],
            "context": {"create": False},
        }
