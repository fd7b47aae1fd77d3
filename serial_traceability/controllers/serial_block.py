from odoo import http
from odoo.http import content_disposition, request
from odoo.tools.osutil import clean_filename
from werkzeug.exceptions import NotFound


class SerialBlockController(http.Controller):
    """Gives blocks of numbers as files; rights are checked where they are read."""

    @http.route(
        "/serial_traceability/block/<int:block_id>/<string:file_format>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def export(self, block_id, file_format):
        """Return the unused numbers of a block that was handed over.

        :param file_format: ``csv``, ``json`` or ``epcis``.
        """
        block = request.env["serial.block"].browse(block_id).exists()
        if not block:
            raise NotFound()
        pieces, name, media_type = block._get_file(file_format)
        return request.make_response(
            (piece.encode() for piece in pieces),
            [
                ("Content-Type", media_type),
                ("Content-Disposition", content_disposition(clean_filename(name))),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )
