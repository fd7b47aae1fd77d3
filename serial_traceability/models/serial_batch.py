from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..const import CHANGE_REASON, DOCUMENT, Document
from ..core.clock import end_of_day

#: What a batch says of its serials; sealed once one of them has history.
_SEALED_FIELDS = (
    "name",
    "product_id",
    "company_id",
    "manufacturer_id",
    "expiration_date",
    "production_date",
)


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
    has_history = fields.Boolean(compute="_compute_has_history")

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

    def _compute_has_history(self):
        """Say whether one of the batch's serials has a history."""
        lots = self.env["stock.lot"]
        lots.flush_model(["batch_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT batch.id FROM unnest(%s) AS batch(id) WHERE EXISTS ("
                "SELECT 1 FROM stock_lot lot WHERE lot.batch_id = batch.id AND %s)",
                self.ids,
                lots._has_history_sql(),
            )
        )
        told = {row[0] for row in rows}
        for batch in self:
            batch.has_history = batch._origin.id in told

    @api.constrains("production_date", "expiration_date")
    def _check_dates(self):
        for batch in self:
            produced, expires = batch.production_date, batch.expiration_date
            if produced and expires and produced > expires:
                raise ValidationError(
                    self.env._(
                        "Batch %(batch)s cannot expire on %(expires)s, before it was "
                        "produced on %(produced)s. Correct one of the two dates.",
                        batch=batch.name,
                        expires=expires,
                        produced=produced,
                    )
                )

    @api.constrains("product_id")
    def _check_serials_product(self):
        # Stands in for seeing serials that another company holds.
        self.sudo().lot_ids._check_batch_product()

    def write(self, vals):
        """Carry a correction to the batch's serials and onto their ledger."""
        if vals.keys().isdisjoint(_SEALED_FIELDS):
            return super().write(vals)
        change = self.env["serial.change"]
        changing = change._get_changing(self, vals, _SEALED_FIELDS)
        # Before anything is written: some callers swallow errors and go on. Stands in
        # for seeing serials that another company holds, as below.
        change._begin(changing.sudo().lot_ids._with_history(), vals)
        before = {batch: [batch[name] for name in _SEALED_FIELDS] for batch in self}
        result = super().write(vals)
        changes = {batch: batch._get_changes(old) for batch, old in before.items()}
        # Stands in for seeing serials that another company holds: a batch shared by
        # companies is one batch.
        changed = self.filtered(changes.get).sudo()
        changed._record_changes(changes)
        changed._carry_expiration(changes)
        changed._carry_production_date(changes)
        self.env["serial.recall.locker"]._catch(changed.lot_ids.ids)
        return result

    def _get_changes(self, old):
        """Return ``[(field name, old value, new value)]`` against ``old``."""
        return [
            (name, value, self[name])
            for name, value in zip(_SEALED_FIELDS, old, strict=True)
            if value != self[name]
        ]

    def _record_changes(self, changes):
        """Tell on the ledger of each serial what changed in its batch."""
        self.env["serial.change"]._record(
            {
                lot: [
                    (f"batch_id.{name}", old, new)
                    for name, old, new in changes[lot.batch_id]
                ]
                for lot in self.lot_ids._with_history()
            }
        )

    def _carry_expiration(self, changes):
        """Give a changed expiry to the serials, or take it away, with the batch as the
        reason.

        The dates that core counts back from an expiry go with it, as they move with it.
        """
        for batch in self:
            names = {name for name, _old, _new in changes[batch]}
            if "expiration_date" not in names:
                continue
            dates = {"expiration_date": batch._get_expiration_datetime()}
            if not batch.expiration_date:
                dates |= dict.fromkeys(
                    ("use_date", "removal_date", "alert_date"), False
                )
            if batch.product_id.use_expiration_date:
                batch.lot_ids.with_context(**{DOCUMENT: Document.of(batch)}).write(
                    dates
                )

    def _carry_production_date(self, changes):
        """Give a changed production date to the serials, with the batch as the reason.

        A batch may be made on several days: a unit whose label names another day than
        the batch did keeps it.
        """
        for batch in self:
            old = {name: value for name, value, _new in changes[batch]}
            if "production_date" not in old or not batch.production_date:
                continue
            followers = batch.lot_ids.filtered_domain(
                [("production_date", "in", [False, old["production_date"]])]
            )
            followers.with_context(**{DOCUMENT: Document.of(batch)}).write(
                {"production_date": batch.production_date}
            )

    def _get_expiration_datetime(self):
        """Return the end of the expiry day in the company's time zone, in UTC.

        :return: naive datetime, or False where the batch has no expiry.
        """
        if not self.expiration_date:
            return False
        company = self.company_id or self.env.company
        # Stands in for the right to read one's own company's contact.
        return end_of_day(self.expiration_date, company.sudo().partner_id.tz)

    def correct(self, values, reason):
        """Correct the batch although its serials have history.

        :param values: field name to new value.
        :param reason: why, as text; stands on the ledger of each serial.
        """
        return self.with_context(**{CHANGE_REASON: reason}).write(values)

    # ---- Merging ----

    @api.model
    def _merge_manufacturers(self, sources, target):
        """Make one batch of those that are one once contacts are merged.

        All are looked at before the first one is changed: whoever calls this may go
        on with other contacts.

        :param sources: contacts that will live on in ``target``.
        :raises UserError: where dates contradict each other, naming all such batches.
        """
        # Stands in for changing batches and serials of all companies, which whoever
        # may merge contacts does by it.
        batches = self.sudo().search(
            [("manufacturer_id", "in", (sources | target).ids)], order="id"
        )
        # The target's own batches come first, and so are the ones that remain.
        batches = batches.sorted(lambda batch: batch.manufacturer_id != target)
        same = batches.grouped(
            lambda batch: (batch.product_id, batch.name, batch.company_id)
        )
        self._check_same_dates(same.values())
        context = {
            DOCUMENT: Document(target._name, target.id, None),
            CHANGE_REASON: self.env._("its manufacturer was merged with another one"),
        }
        for group in same.values():
            group.with_context(**context)[0]._absorb(group[1:].with_context(**context))

    def _absorb(self, others):
        """Take over the serials of other batches, and what only they say; drop them."""
        if not others:
            return
        for name in ("production_date", "expiration_date", "supplier_id", "country_id"):
            found = next(filter(None, others.mapped(name)), False)
            if found and not self[name]:
                self[name] = found
        others.lot_ids.batch_id = self
        lines = self.env["stock.move.line"]
        lines.search([("serial_batch_id", "in", others.ids)]).serial_batch_id = self
        for other in others:
            other.message_change_thread(self)
        others.unlink()

    @api.model
    def _check_same_dates(self, groups):
        """Refuse to give units another date than their own batch has.

        :param groups: lists of batches that are to become one each.
        """
        differing = [group for group in groups if group._differ_in_dates()]
        if not differing:
            return
        raise UserError(
            self.env._(
                "%(manufacturers)s cannot be merged and stay as they are: their "
                "batches %(batches)s differ in their dates. If they are one batch, "
                "correct the date of one of them, else its number; then merge again.",
                manufacturers=", ".join(
                    self.union(*differing).manufacturer_id.mapped("display_name")
                ),
                batches=", ".join(
                    f"{group[0].name} ({group[0].product_id.display_name})"
                    for group in differing[:5]
                ),
            )
        )

    def _differ_in_dates(self):
        """Return whether these batches name two days for one thing."""
        return any(
            len(set(filter(None, self.mapped(name)))) > 1
            for name in ("production_date", "expiration_date")
        )

    def action_hold(self):
        """Open the dialog that holds all serials of these batches."""
        return self._open_hold_dialog("serial.hold.wizard", self.env._("Hold"))

    def action_release(self):
        """Open the dialog that releases all serials of these batches."""
        return self._open_hold_dialog("serial.release.wizard", self.env._("Release"))

    def _open_hold_dialog(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"active_model": "serial.batch", "active_ids": self.ids},
        }

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
