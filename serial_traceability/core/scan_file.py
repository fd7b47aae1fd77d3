"""What an uploaded file of scans says: bytes in, one row a line out.

Scanners and suppliers deliver text in several encodings, with one scan a line or as
CSV with a header. A line is ended by CR LF or LF alone: the group separator (0x1D)
that GS1 symbols contain also counts as a line end for :meth:`str.splitlines`, and
would tear a scan in two.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .errors import RuleError
from .spreadsheet import unguarded

#: Header words of a CSV file, folded by :func:`_folded`, and the column they name.
_HEADER_WORDS = {
    "line": "",
    "verdict": "",
    "message": "",
    "text": "text",
    "scan": "text",
    "code": "text",
    "symbol": "text",
    "elementstring": "text",
    "serial": "serial",
    "serialno": "serial",
    "serialnumber": "serial",
    "sn": "serial",
    "gtin": "gtin",
    "ean": "gtin",
    "upc": "gtin",
    "barcode": "gtin",
    "batch": "batch",
    "batchno": "batch",
    "batchnumber": "batch",
    "lot": "batch",
    "lotnumber": "batch",
    "expiry": "expiry",
    "expirydate": "expiry",
    "expirationdate": "expiry",
    "exp": "expiry",
    "useby": "expiry",
    "production": "production",
    "productiondate": "production",
    "produced": "production",
}
#: Columns of the list of wrong lines that users download, correct and upload.
OWN_HEADER = ("line", "scan", "verdict", "message")
#: U+FEFF, with which programs begin a file; copied with its text, it is pasted, too.
MARK = "\ufeff"
_DELIMITERS = ",;\t"
_LINE_END = re.compile(r"\r?\n|\r(?!\n)")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What no text has, and the share of it from which a file is none. Scanners frame what
#: they send by STX, ETX and EOT, and separate by 0x1C to 0x1F.
_NO_TEXT = re.compile(r"[\x00\x01\x05-\x08\x0b\x0c\x0e-\x1b\x7f]")
_NO_TEXT_SHARE = 0.05
#: First bytes of files that people take for text: spreadsheets, archives, images, PDF.
_FOREIGN_FILES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8", b"%PDF")


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One line of a file or of pasted text.

    :param number: 1-based number of the line, as an editor counts.
    :param text: the line as it came, line end and CSV quotes taken off.
    :param columns: column name to value where the file has a header; else empty.
    """

    number: int
    text: str
    columns: dict[str, str] = field(default_factory=dict)


def decode(data: bytes) -> str:
    r"""Return the text of a file in UTF-8, UTF-16 or, at last, Latin-1.

    :raises RuleError: where the first bytes say that it is no text, or where much of
        it is none (code ``not_text``): of rubbish some lines would pass for serials.

    >>> decode(b"\xef\xbb\xbfSN1"), decode("SN1".encode("utf-16")), decode(b"\xe9")
    ('SN1', 'SN1', 'é')
    """
    if data.startswith(_FOREIGN_FILES):
        raise _not_text()
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if b"\x00" in data[:200]:
        little_endian = data[1:200:2].count(0) >= data[:200:2].count(0)
        return data.decode(
            "utf-16-le" if little_endian else "utf-16-be", errors="replace"
        )
    try:
        return data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if len(_NO_TEXT.findall(text)) > _NO_TEXT_SHARE * len(text):
        raise _not_text()
    return text


def _not_text() -> RuleError:
    return RuleError(
        "The file is a spreadsheet, an archive or an image, not text.",
        code="not_text",
        expected="a text or CSV file",
    )


def split_rows(text: str) -> list[ScanRow]:
    r"""Return the lines of pasted text or of a decoded file; a header is no line.

    Blank lines are kept, because a dock's list with one is a list with a fault; the
    one behind the last line end is not a line.

    >>> [row.text for row in split_rows("SN1\r\n\r\nSN2\n")]
    ['SN1', '', 'SN2']
    >>> split_rows("serial;batch\nSN1;B1")[0].columns
    {'serial': 'SN1', 'batch': 'B1'}
    >>> split_rows('\ufeff"SN1"')[0].text
    'SN1'
    """
    lines = _LINE_END.split(text.removeprefix(MARK))
    if not lines[-1]:
        lines.pop()
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    header, delimiter = _header(lines[first]) if lines else (None, ",")
    if not header:
        return [
            ScanRow(number, _unquoted(line)) for number, line in enumerate(lines, 1)
        ]
    own = tuple(map(_folded, _cells(lines[first], delimiter))) == OWN_HEADER
    return list(_table_rows(lines, first, header, delimiter, own=own))


def _table_rows(
    lines: list[str], first: int, header: list[str], delimiter: str, *, own: bool
) -> Iterator[ScanRow]:
    """Yield the lines below the header.

    :param own: the file is a list of ours, whose cells are guarded against being
        taken for formulas.
    """
    for number, line in enumerate(lines[first + 1 :], first + 2):
        cells = _cells(line, delimiter)
        if own:
            cells = [unguarded(cell) for cell in cells]
        columns = {
            name: cell.strip()
            for name, cell in zip(header, cells, strict=False)
            if name and cell.strip()
        }
        if set(columns) == {"text"} or not columns:
            yield ScanRow(number, columns.get("text", ""))
        else:
            yield ScanRow(number, columns.get("text") or line, columns)


def _header(line: str) -> tuple[list[str] | None, str]:
    """Return the column names that a line gives, None where it is not a header.

    A column whose name says nothing to us has an empty name.
    """
    for delimiter in _DELIMITERS:
        words = [_folded(cell) for cell in _cells(line, delimiter)]
        names = [_HEADER_WORDS.get(word, "") for word in words]
        if names == ["gtin"]:
            return ["text"], delimiter
        is_whole = all(word in _HEADER_WORDS for word in words)
        if "serial" in names and (is_whole or len(set(names)) > 2):
            return names, delimiter
        if "text" in names and is_whole:
            return names, delimiter
    return None, ","


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return [line]


def _folded(cell: str) -> str:
    return re.sub(r"[^a-z0-9]", "", cell.strip().lower())


def _unquoted(line: str) -> str:
    """Return a line without the quotes that a one-column CSV file puts around it."""
    text = line.strip(" \t")
    if len(text) > 1 and _QUOTED.fullmatch(text):
        return text[1:-1].replace('""', '"')
    return text
