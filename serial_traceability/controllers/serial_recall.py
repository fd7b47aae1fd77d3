from odoo import http
from odoo.http import content_disposition, request
from odoo.tools.osutil import clean_filename

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SerialRecallController(http.Controller):
    """Gives a recall's units as a file; rights are checked where they are read."""

    @http.route(
        "/serial_traceability/recall/<int:recall_id>/units.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def export_units(self, recall_id):
        """Return the units of a recall as a workbook."""
        recall = request.env["serial.recall"].browse(recall_id).exists()
        recall.check_access("read")
        if not recall:
            return request.not_found()
        content = request.env["serial.recall.export"]._get_workbook(recall)
        name = clean_filename(f"{recall.display_name}.xlsx")
        return request.make_response(
            content,
            [
                ("Content-Type", _XLSX),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
