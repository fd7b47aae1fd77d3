"""The encodable character sets of GS1 application identifiers.

Source: GS1 General Specifications §7.11, tables of the sets 82, 39, 64 and 32.
"""

import re
from collections.abc import Callable

DIGITS = "0123456789"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SMALL = _CAPITALS.lower()

#: In the order of the characters' weights for the check character pair.
CSET_82 = f"!\"%&'()*+,-./{DIGITS}:;<=>?{_CAPITALS}_{_SMALL}"
CSET_39 = f"#-/{DIGITS}{_CAPITALS}"
#: File-safe and URI-safe base64, without its padding.
CSET_64 = f"-{DIGITS}{_CAPITALS}_{_SMALL}"
#: Check characters only, in the order of their weights.
CSET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

#: Per letter of the AI table: the characters, and how a message names them.
CHARSETS: dict[str, tuple[str, str]] = {
    "n": (DIGITS, "digits 0-9"),
    "x": (CSET_82, "characters of GS1 set 82"),
    "y": (CSET_39, "characters of GS1 set 39"),
    "z": (CSET_64, "characters of GS1 set 64"),
}


def outsider_search(characters: str) -> Callable[[str], "re.Match[str] | None"]:
    """Return a function that finds the first character not in ``characters``.

    >>> outsider_search(CSET_39)("AB-c").start()
    3
    >>> outsider_search(CSET_82)("A~").start(), outsider_search(CSET_82)("32a/b")
    (1, None)
    """
    return re.compile(f"[^{re.escape(characters)}]").search
