import hashlib

from odoo import http
from odoo.http import request
from werkzeug.exceptions import BadRequest

from ..core.errors import RuleError
from ..core.gs1 import parse_bracketed
from ..core.label import (
    IMAGE_VERSION,
    Symbology,
    draw_symbol,
    make_symbol,
    write_png,
    write_svg,
)

ROUTE = "/serial_traceability/symbol"
#: Longer than any element string that fits into a symbol of a label.
_MAXIMUM_LENGTH = 500
_SCALES = range(1, 21)
_TYPES = {"svg": "image/svg+xml", "png": "image/png"}
#: An image whose address names this version of the drawing never changes; of another
#: address the browser asks each time whether it did.
_KEEP = "private, max-age=31536000, immutable"
_ASK = "private, no-cache"
_DPI = 254


class SerialSymbolController(http.Controller):
    """Gives GS1 symbols as images, for web views, reports and own label layouts.

    It draws what stands in the address and reads no record, so that whoever is logged
    in may ask for any symbol.
    """

    @http.route(
        f"{ROUTE}/<string:symbology>.<string:image_format>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def symbol(
        self, symbology, image_format, value="", scale="4", text="", v="", **_kw
    ):
        """Return one symbol as an image that browsers keep.

        :param symbology: ``datamatrix``, ``gs1_128`` or ``qr``.
        :param image_format: ``svg`` or ``png``.
        :param value: a bracketed element string, as ``(01)09520001100017(21)A1``; an
            opening bracket inside a value stands after a backslash.
        :param scale: dots of a module, 1 to 20; of PNG images.
        :param text: ``1`` for the human-readable interpretation below the symbol.
        :param v: version of the drawing, as in the addresses that we write ourselves.
        """
        if symbology not in {one.value for one in Symbology}:
            raise BadRequest("The symbol is datamatrix, gs1_128 or qr.")
        if image_format not in _TYPES:
            raise BadRequest("The image format is svg or png.")
        if not 0 < len(value) <= _MAXIMUM_LENGTH:
            raise BadRequest(
                f"value is a bracketed element string of 1 to {_MAXIMUM_LENGTH} "
                "characters."
            )
        # Short first: a number of thousands of digits takes long to read.
        if not scale.isdecimal() or len(scale) > 2 or int(scale) not in _SCALES:
            raise BadRequest("scale is a whole number from 1 to 20.")
        key = "\n".join((IMAGE_VERSION, symbology, image_format, value, scale, text))
        tag = hashlib.sha256(key.encode()).hexdigest()[:32]
        cache = _KEEP if v == IMAGE_VERSION else _ASK
        if request.httprequest.if_none_match.contains(tag):
            return _with_headers(request.make_response(b""), tag, cache, status=304)
        content = _draw(Symbology(symbology), image_format, value, int(scale), text)
        response = request.make_response(
            content, [("Content-Type", _TYPES[image_format])]
        )
        return _with_headers(response, tag, cache)


def _with_headers(response, tag, cache, status=200):
    response.status_code = status
    response.set_etag(tag)
    response.headers["Cache-Control"] = cache
    response.headers["X-Content-Type-Options"] = "nosniff"
    # An SVG that is opened by itself runs nothing.
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def _draw(symbology, image_format, value, scale, text):
    """Return the image as bytes.

    :raises BadRequest: where GS1 does not allow it, saying what is wrong.
    """
    try:
        symbol = make_symbol(symbology, parse_bracketed(value))
    except RuleError as error:
        expected = f" Expected: {error.expected}." if error.expected else ""
        raise BadRequest(f"{error.message}{expected}") from error
    # At 254 dots to the inch a dot is a tenth of a millimetre.
    module = scale / 10 if image_format == "png" else 0.5
    drawing = draw_symbol(symbol, module=module, text=text == "1")
    if image_format == "png":
        return write_png(drawing, dpi=_DPI)
    return write_svg(drawing).encode()
