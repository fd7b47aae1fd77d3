"""GS1 EPC Tag Data Standard: identities, their URIs and their binary forms."""

from .escape import escape, unescape
from .identity import Epc, is_epc_uri, lgtin, sgtin
from .schemes import SCHEMES
from .tag import CODINGS, FILTER_VALUES, Tag, from_hex
