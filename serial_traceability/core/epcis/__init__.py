"""EPCIS events, their vocabulary and their hash."""

from .event import ACTIONS, EVENT_FIELDS, BizTransaction, Event, Party, Quantity
from .event_hash import CBV_VERSION, event_hash_id, pre_hash_string
from .uri import canonical_uri, is_uri
from .vocabulary import (
    BIZ_STEP,
    BIZ_STEPS,
    BIZ_TRANSACTION_TYPE,
    BIZ_TRANSACTION_TYPES,
    DISPOSITION,
    DISPOSITIONS,
    ERROR_REASON,
    ERROR_REASONS,
    SOURCE_DESTINATION_TYPE,
    SOURCE_DESTINATION_TYPES,
    Vocabulary,
)
