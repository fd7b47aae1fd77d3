from datetime import timedelta

from odoo import api, fields, models

from .serial_verdict import VERDICTS

_KEPT = timedelta(days=30)


class SerialScan(models.Model):
    """One scan on a transfer, and the answer given.

    The scanner names each scan by a UUID of its own; a scan that arrives a second
    time gets the first answer and moves nothing. Rows are written by scanning alone
    and kept for a month.
    """

    _name = "serial.scan"
    _description = "Scan"
    _order = "id desc"
    _rec_name = "text"

    scan_uuid = fields.Char("Scan UUID", required=True, readonly=True)
    picking_id = fields.Many2one(
        "stock.picking",
        "Transfer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="picking_id.company_id", store=True)
    text = fields.Char(readonly=True)
    verdict = fields.Selection(VERDICTS, readonly=True)
    level = fields.Selection(
        [("good", "Good"), ("warning", "Warning"), ("wrong", "Wrong")], readonly=True
    )
    title = fields.Char(readonly=True)
    message = fields.Char(readonly=True)

    _uuid_unique = models.Constraint(
        "UNIQUE (picking_id, scan_uuid)", "This scan was already answered."
    )

    @api.model
    def _find(self, picking, scan_uuid):
        """Return the answer that a scan already got, None where it is new."""
        # Stands in for reading what this transfer's other operators scanned.
        scan = self.sudo().search(
            [("picking_id", "=", picking.id), ("scan_uuid", "=", scan_uuid)], limit=1
        )
        return scan._get_answer() if scan else None

    @api.model
    def _keep(self, picking, scan_uuid, text, answer):
        """Keep the answer to a scan."""
        # Stands in for the right to create rows, which only scanning may.
        self.sudo().create(
            {
                "scan_uuid": scan_uuid,
                "picking_id": picking.id,
                "text": text,
                **answer,
            }
        )

    def _get_answer(self):
        return {
            "verdict": self.verdict,
            "level": self.level,
            "title": self.title or "",
            "message": self.message or "",
        }

    @api.autovacuum
    def _gc_scans(self):
        """Forget scans that no scanner will send again."""
        self.search([("create_date", "<", self.env.cr.now() - _KEPT)]).unlink()
