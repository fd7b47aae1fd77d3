"""What a symbol said: the one result of all parsers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from .application_identifiers import APPLICATION_IDENTIFIERS
from .dates import DateValue, parse_date_value


class Source(str, Enum):
    """In which form the message was written."""

    ELEMENT_STRING = "element_string"
    BRACKETED = "bracketed"
    DIGITAL_LINK = "digital_link"
    GTIN = "gtin"
    PLAIN_TEXT = "plain_text"


@dataclass(frozen=True, slots=True)
class Element:
    """One application identifier with its value.

    :param ai: two to four digits. Empty in what lenient parsing kept as text because
        nothing tells how long its unknown AI is.
    :param value: as GS1 has it, with no escapes or percent-encoding left. Where ``ai``
        is empty, the unknown AI and its value in one.
    :param position: 0-based offset of the value in the text that was parsed; None for
        an element that comes from elsewhere.
    """

    ai: str
    value: str
    position: int | None = None

    @property
    def title(self) -> str:
        """GS1's data title, or an empty text."""
        entry = APPLICATION_IDENTIFIERS.get(self.ai)
        return entry.title if entry else ""

    @property
    def known(self) -> bool:
        """Whether the AI is assigned."""
        return self.ai in APPLICATION_IDENTIFIERS


#: What builders take: elements or plain pairs.
Elements = Iterable["Element | tuple[str, str]"]


@dataclass(frozen=True, slots=True)
class ElementString:
    """A parsed message.

    :param elements: in the order in which they stood.
    :param source: in which form they were written.
    :param symbology_identifier: as ``]d2``, or an empty text where there was none.
    :param text: what was parsed, as it came.
    :param ignored: parts that say nothing to GS1: other query parameters of a Digital
        Link, the add-on symbol of a magazine.
    """

    elements: tuple[Element, ...]
    source: Source
    symbology_identifier: str = ""
    text: str = ""
    ignored: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Element]:
        return iter(self.elements)

    def __len__(self) -> int:
        return len(self.elements)

    def __contains__(self, ai: object) -> bool:
        return any(element.ai == ai for element in self.elements)

    def find(self, ai: str) -> Element | None:
        """Return the first element with ``ai``, or None."""
        return next((one for one in self.elements if one.ai == ai), None)

    def get(self, ai: str, default: str = "") -> str:
        """Return the value of ``ai``, or ``default``."""
        element = self.find(ai)
        return element.value if element else default

    def as_dict(self) -> dict[str, str]:
        """Return values by AI, without the texts of :attr:`unknown` that have none."""
        return {element.ai: element.value for element in self.elements if element.ai}

    @property
    def unknown(self) -> tuple[Element, ...]:
        """The elements whose AI is not assigned; only lenient parsing keeps them."""
        return tuple(element for element in self.elements if not element.known)

    @property
    def gtin(self) -> str:
        """The GTIN of the trade item, 14 digits, or an empty text."""
        return self.get("01")

    @property
    def content_gtin(self) -> str:
        """The GTIN of the items in a logistic unit, 14 digits, or an empty text."""
        return self.get("02")

    @property
    def sscc(self) -> str:
        """The serial shipping container code, 18 digits, or an empty text."""
        return self.get("00")

    @property
    def gln(self) -> str:
        """The number of a physical location, 13 digits, or an empty text."""
        return self.get("414")

    @property
    def serial(self) -> str:
        """The serial number, or an empty text."""
        return self.get("21")

    @property
    def batch(self) -> str:
        """The batch or lot number, or an empty text."""
        return self.get("10")

    def date_of(self, ai: str, *, reference_date: date) -> DateValue | None:
        """Return what the date of ``ai`` means, or None where it is not there.

        :param reference_date: the day on which it is read; tells the century.
        :raises Gs1Error: where the AI has no date.
        """
        element = self.find(ai)
        if element is None:
            return None
        return parse_date_value(ai, element.value, reference_date=reference_date)

    def expiry(self, *, reference_date: date) -> date | datetime | None:
        """Return when the item expires: of AI 7003 with a time, else of AI 17."""
        return self._first_date(("7003", "17"), reference_date)

    def production_date(self, *, reference_date: date) -> date | datetime | None:
        """Return when the item was made: of AI 8008 with a time, else of AI 11."""
        return self._first_date(("8008", "11"), reference_date)

    def best_before(self, *, reference_date: date) -> date | datetime | None:
        """Return until when the item is at its best: AI 15."""
        return self._first_date(("15",), reference_date)

    def _first_date(
        self, ais: tuple[str, ...], reference_date: date
    ) -> date | datetime | None:
        for ai in ais:
            found = self.date_of(ai, reference_date=reference_date)
            if isinstance(found, date):
                return found
        return None


def pairs(elements: Elements) -> list[tuple[str, str]]:
    """Return AI and value of each element.

    >>> pairs([Element("01", "09520001100017"), ("21", "A1")])
    [('01', '09520001100017'), ('21', 'A1')]
    """
    return [
        (one.ai, one.value) if isinstance(one, Element) else one for one in elements
    ]
