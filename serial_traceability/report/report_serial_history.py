from odoo import api, models
from odoo.fields import Datetime
from odoo.tools import format_datetime


class ReportSerialHistory(models.AbstractModel):
    """The printable history of serials: identity, state and all events in words.

    Prints what the user may read: no events of companies they have no access to.
    """

    _name = "report.serial_traceability.report_serial_history"
    _description = "Printable History of Serials"

    @api.model
    def _get_report_values(self, docids, data=None):
        lots = self.env["stock.lot"].browse(docids)
        lots._check_history_access()
        timeline = self.env["serial.timeline"]
        return {
            "doc_ids": lots.ids,
            "doc_model": lots._name,
            "docs": lots,
            "notices": {lot: timeline._get_notice(lot) for lot in lots},
            "entries": {lot: timeline._read_page(lot)[0] for lot in lots},
            "printed_at": format_datetime(self.env, Datetime.now()),
        }
