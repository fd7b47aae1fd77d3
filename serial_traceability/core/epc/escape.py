"""Percent escapes in EPC URIs (GS1 EPC Tag Data Standard, table A-1)."""

import re

from ..errors import EpcError
from ..gs1.charsets import CSET_82

_CSET_82 = frozenset(CSET_82)
_MUST_BE_ESCAPED = '"%&/<>?#'
_ESCAPES = str.maketrans({char: f"%{ord(char):02X}" for char in _MUST_BE_ESCAPED})
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})?")
_NOT_RAW = re.compile(r"[^A-Za-z0-9!'()*+,\-.:;=_%]")


def escape(text: str) -> str:
    """Return ``text`` with the characters that an EPC URI cannot hold escaped.

    :param text: characters of set 82 (or 39 for a component reference).

    Source: GS1 EPC Tag Data Standard, table A-1.

    >>> escape("32a/b")
    '32a%2Fb'
    """
    return text.translate(_ESCAPES)


def unescape(text: str, characters: frozenset[str] = _CSET_82) -> str:
    """Return the text that an escaped part of an EPC URI stands for.

    Escapes are read with upper and lower case hex digits.

    :param characters: what the text may be made of.
    :raises EpcError: where an escape is cut short or stands for a character outside
        the set, or a character that must be escaped is not.

    >>> unescape("32a%2fb")
    '32a/b'
    """
    stray = _NOT_RAW.search(text)
    if stray:
        raise _refusal(text, stray.start(), "is not allowed there unescaped")
    plain = _ESCAPE.sub(_unescaped, text) if "%" in text else text
    if not characters.issuperset(plain):
        at = next(at for at, char in enumerate(plain) if char not in characters)
        raise _refusal(plain, at, "is not in the character set")
    return plain


def _unescaped(match: re.Match[str]) -> str:
    """Return the character of one escape."""
    if not match[1]:
        raise _refusal(match.string, match.start(), "needs two hex digits behind it")
    return chr(int(match[1], 16))


def _refusal(text: str, position: int, why: str) -> EpcError:
    return EpcError(
        f"{text!r} has {text[position]!r} at position {position}, which {why}.",
        code="character",
        value=text,
        expected="characters as an EPC URI writes them",
        position=position,
    )
