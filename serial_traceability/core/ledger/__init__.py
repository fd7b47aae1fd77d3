"""The ledger's forms: canonical entry and Merkle leaf."""

from .canonical import MAX_INTEGER, canonical_json
from .leaf import LEAF_PREFIX, leaf_hash
