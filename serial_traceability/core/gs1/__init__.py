"""GS1 syntax: element strings, Digital Links and what stands in them.

:func:`parse` reads whatever a reader delivers; the other parsers read one form each.
All return an :class:`ElementString` and raise :class:`~..errors.Gs1Error`, which says
what is wrong, where, and what was expected. The builders take elements or plain pairs
of AI and value and refuse what the parsers would refuse.
"""

from .application_identifiers import (
    APPLICATION_IDENTIFIERS,
    ApplicationIdentifier,
    Component,
    find_ai,
)
from .associations import check_associations
from .bracketed import build_bracketed, build_hri, parse_bracketed
from .dates import (
    full_year,
    parse_date,
    parse_date_range,
    parse_date_time,
    parse_date_value,
)
from .digital_link import build_digital_link, is_digital_link, parse_digital_link
from .element_string import (
    DEFAULT_SEPARATORS,
    GS,
    GS1_SYMBOLOGIES,
    WEDGE_SEPARATORS,
    build_element_string,
    parse_element_string,
)
from .linters import LINTERS
from .linters.checksums import check_character_pair
from .message import Element, Elements, ElementString, Source
from .scan import build_scan_data, parse, parse_gtin
from .values import check_value
