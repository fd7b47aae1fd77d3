import csv
import io
from datetime import date, datetime

import xlsxwriter
from odoo import http
from odoo.http import content_disposition, request
from odoo.tools.osutil import clean_filename
from werkzeug.exceptions import BadRequest

from ..core.spreadsheet import guarded

_ROUTE = "/serial_traceability/trace/export"
#: Rows of a CSV file that are sent at a time.
_CHUNK = 1000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SerialTraceController(http.Controller):
    """Gives traces as files; rights are checked where the trace is read."""

    @http.route(_ROUTE, type="http", auth="user", methods=["GET", "POST"])
    def export(self, model, ids, direction="both", file_format="xlsx", **_kw):
        """Return a trace as a table with all its rows.

        :param ids: ids of ``model``, comma-separated; see ``serial.trace.get_trace``.
        :param file_format: ``xlsx`` or ``csv``.
        """
        if file_format not in ("xlsx", "csv"):
            raise BadRequest("file_format is xlsx or csv.")
        name, headers, rows = request.env["serial.trace"]._get_export(
            model, _parse_ids(ids), direction
        )
        writer = _send_xlsx if file_format == "xlsx" else _send_csv
        title = clean_filename(request.env._("Trace of %(name)s", name=name))
        return writer(f"{title}.{file_format}", headers, rows)


def _parse_ids(text):
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise BadRequest("ids are whole numbers with commas between.") from None


def _send_csv(filename, headers, rows):
    """Stream CSV in UTF-8, with the mark by which spreadsheets know it."""
    return request.make_response(
        _csv_chunks([headers, *rows]),
        [
            ("Content-Type", "text/csv; charset=utf-8"),
            ("Content-Disposition", content_disposition(filename)),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )


def _csv_chunks(rows):
    """Yield the file piece by piece, as bytes."""
    yield b"\xef\xbb\xbf"
    for start in range(0, len(rows), _CHUNK):
        chunk = io.StringIO()
        writer = csv.writer(chunk)
        for row in rows[start : start + _CHUNK]:
            writer.writerow([_csv_cell(value) for value in row])
        yield chunk.getvalue().encode()


def _csv_cell(value):
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return guarded(value) if isinstance(value, str) else value


def _send_xlsx(filename, headers, rows):
    return request.make_response(
        _xlsx(headers, rows),
        [
            ("Content-Type", _XLSX),
            ("Content-Disposition", content_disposition(filename)),
        ],
    )


def _xlsx(headers, rows):
    """Return a workbook of one sheet, as bytes; text is never taken for a formula."""
    output = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        output,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    bold = workbook.add_format({"bold": True})
    moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, headers, bold)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(headers) - 1, 20)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(number, column, value, moment)
            elif isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            else:
                sheet.write(number, column, value)
    sheet.autofilter(0, 0, len(rows), len(headers) - 1)
    workbook.close()
    return output.getvalue()
