from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.recall import PLACES

#: States in which the scope of a recall refuses, and holds what newly matches.
LIVE = ("stop_ship", "recalling")


class SerialRecallPreview(models.AbstractModel):
    """How many units a recall is about, by place: what a recall inherits.

    Of a draft, counted live by its scope while that is being written, so that nobody
    stops what they did not mean; afterwards, by the rows of its units.
    """

    _name = "serial.recall.preview"
    _description = "Units of a Recall by Place"

    count_on_hand = fields.Float("On Hand", compute="_compute_counts", digits=(16, 0))
    count_reserved = fields.Float("Reserved", compute="_compute_counts", digits=(16, 0))
    count_in_transit = fields.Float(
        "In Transit", compute="_compute_counts", digits=(16, 0)
    )
    count_delivered = fields.Float(
        "Delivered", compute="_compute_counts", digits=(16, 0)
    )
    count_consumed = fields.Float("Consumed", compute="_compute_counts", digits=(16, 0))
    count_scrapped = fields.Float("Scrapped", compute="_compute_counts", digits=(16, 0))
    count_supplier = fields.Float(
        "At the Supplier", compute="_compute_counts", digits=(16, 0)
    )
    count_unknown = fields.Float("Unknown", compute="_compute_counts", digits=(16, 0))
    hold_count = fields.Integer("Held", compute="_compute_hold_count")
    progress_text = fields.Char(compute="_compute_progress_text")
    count_total = fields.Float("Units", compute="_compute_counts", digits=(16, 0))
    extent = fields.Selection(
        [("none", "Nothing"), ("some", "Some"), ("all", "Everything")],
        compute="_compute_counts",
        help="Of all serials and lots of the company and of those that are shared",
    )

    @api.depends(
        "state",
        "company_id",
        "scope_ids.product_ids",
        "scope_ids.batch_ids",
        "scope_ids.lot_ids",
        "scope_ids.number_ids.fault",
        "scope_ids.serial_from",
        "scope_ids.serial_to",
        "scope_ids.production_from",
        "scope_ids.production_to",
        "scope_ids.supplier_id",
        "scope_ids.picking_ids",
        "scope_ids.location_id",
        "scope_ids.component_batch_ids",
        "scope_ids.component_lot_ids",
    )
    def _compute_counts(self):
        drafts = self.filtered(lambda recall: recall.state == "draft")
        for recall in drafts:
            recall._set_counts(self.env["serial.recall.impact"]._count_places(recall))
            lots, everything = self.env["serial.recall.finder"]._count(recall)
            recall.extent = (
                "none" if not lots else "all" if lots == everything else "some"
            )
        begun = self - drafts
        counted = self.env["serial.recall.impact"]._count_entered(begun)
        for recall in begun:
            recall._set_counts(counted[recall._origin.id])
            recall.extent = "some" if recall.count_total else "none"

    @api.depends("hold_ids.state")
    def _compute_hold_count(self):
        groups = dict(
            self.env["serial.hold"]._read_group(
                [("recall_id", "in", self.ids), ("state", "=", "open")],
                ["recall_id"],
                ["__count"],
            )
        )
        for recall in self:
            recall.hold_count = groups.get(recall._origin, 0)

    @api.depends("state", "locked_time", "run_ids.done_count")
    def _compute_progress_text(self):
        """Say how far holding is while it goes on in the background."""
        for recall in self:
            run = recall.run_ids.filtered(
                lambda each: each.kind == "lock" and each.state == "running"
            )[:1]
            recall.progress_text = bool(run) and self.env._(
                "Nothing in the scope leaves any more. Holds are being placed: "
                "%(done)s of %(all)s.",
                done=run.done_count,
                all=run.unit_count,
            )

    # ---- Opening ----

    def action_refresh(self):
        """Bring where the units are up to date.

        :raises AccessError: where the user may not read the recall.
        """
        self.check_access("read")
        for recall in self.filtered(lambda each: each.state in LIVE):
            # Stands in for writing where units are, which only follows from stock.
            self.env["serial.recall.impact"].sudo()._refresh(recall.sudo())

    def action_open_units(self):
        """Open the list of the recall's units, brought up to date."""
        self.ensure_one()
        self.action_refresh()
        return self._open_of_recall("serial_traceability.serial_recall_unit_action")

    def action_open_holds(self):
        """Open the holds that the recall placed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Holds"),
            "res_model": "serial.hold",
            "views": [(False, "list"), (False, "form")],
            "domain": [("recall_id", "=", self.id)],
        }

    def action_export(self):
        """Download the recall's units as a workbook, brought up to date."""
        self.ensure_one()
        self.action_refresh()
        return {
            "type": "ir.actions.act_url",
            "url": f"/serial_traceability/recall/{self.id}/units.xlsx",
            "target": "download",
        }

    def _open_of_recall(self, action):
        action = self.env["ir.actions.act_window"]._for_xml_id(action)
        return {
            **action,
            "domain": [("recall_id", "=", self.id)],
            "context": {"default_recall_id": self.id},
        }

    def _set_counts(self, counts):
        for place in (*PLACES, "total"):
            self[f"count_{place}"] = counts[place]

    # ---- What must be right before it begins ----

    def _check_scope_there(self):
        """Refuse a case without scope."""
        if not self.scope_ids:
            raise UserError(
                self.env._(
                    "%(recall)s has no scope yet. Say in it which units it is about.",
                    recall=self.display_name,
                )
            )

    def _check_extent(self):
        """Refuse a scope that fits nothing, or everything there is."""
        self._check_scope_there()
        count, everything = self.env["serial.recall.finder"]._count(self)
        if not count:
            raise UserError(
                self.env._(
                    "The scope of %(recall)s fits no unit that is known. Look at it "
                    "again, or choose Stop-Ship Anyway: units that come later and fit "
                    "are held.",
                    recall=self.display_name,
                )
            )
        if count == everything:
            raise UserError(
                self.env._(
                    "The scope of %(recall)s fits all %(count)s serials and lots of "
                    "%(company)s. Look at it again, or choose Stop-Ship Anyway to hold "
                    "them all.",
                    recall=self.display_name,
                    count=count,
                    company=self.company_id.name,
                )
            )

    def _refuse_scope(self):
        if self.state in LIVE:
            raise UserError(
                self.env._(
                    "%(recall)s has begun: what its scope says stays. Add another row "
                    "for more units; release what should not be held.",
                    recall=self.display_name,
                )
            )
        raise UserError(
            self.env._(
                "%(recall)s is over and takes no other scope. Draft another case.",
                recall=self.display_name,
            )
        )
