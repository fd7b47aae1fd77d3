"""CBV's words as people say them; the other words are shown as CBV spells them."""

_DISPOSITIONS = {
    "active": "Made",
    "destroyed": "Destroyed",
    "disposed": "Scrapped",
    "in_progress": "Being Handled",
    "in_transit": "Shipped",
    "inactive": "Out of Use",
    "sellable_accessible": "On the Shelf",
    "sellable_not_accessible": "In Stock",
}
_BIZ_STEPS = {
    "assembling": "Used in Production",
    "commissioning": "Made",
    "cycle_counting": "Counted",
    "decommissioning": "Taken out of Use",
    "destroying": "Scrapped",
    "encoding": "Label Printed",
    "packing": "Packed",
    "picking": "Picked",
    "receiving": "Received",
    "shipping": "Shipped",
    "stock_taking": "Found in Stock",
    "staging_outbound": "Brought to Shipping",
    "storing": "Put Away",
    "transporting": "On Its Way",
    "unpacking": "Unpacked",
    "void_shipping": "Shipment Taken Back",
}


def disposition_selection(words):
    """Return selection pairs of CBV dispositions.

    >>> disposition_selection(["in_transit", "needs_replacement"])
    [('in_transit', 'Shipped'), ('needs_replacement', 'Needs Replacement')]
    """
    return _selection(words, _DISPOSITIONS)


def biz_step_selection(words):
    """Return selection pairs of CBV business steps.

    >>> biz_step_selection(["storing", "other"])
    [('other', 'Other'), ('storing', 'Put Away')]
    """
    return _selection(words, _BIZ_STEPS)


def _selection(words, plain):
    return [(word, plain.get(word) or _title(word)) for word in sorted(words)]


def _title(word):
    return word.replace("_", " ").title()
