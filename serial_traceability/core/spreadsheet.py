"""Text in CSV files that people open with a spreadsheet.

Some first characters make a spreadsheet take a cell for a formula, which it then
carries out. An apostrophe before them makes the cell a text.
"""

import re

#: What makes a spreadsheet take a cell for a formula.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def guarded(cell: str) -> str:
    """Return ``cell`` as a spreadsheet takes it for text, never for a formula.

    >>> guarded("=1+1"), guarded("A1"), guarded("'=1")
    ("'=1+1", 'A1', "''=1")
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return what was handed to :func:`guarded`.

    >>> unguarded("'=1+1"), unguarded("'A1"), unguarded("''=1")
    ('=1+1', "'A1", "'=1")
    """
    is_guarded = cell.startswith("'") and _FORMULA.match(cell)
    return cell[1:] if is_guarded else cell
