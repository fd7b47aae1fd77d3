"""What happens to a unit without being moved: the stages of its number's life.

A number is issued, written on labels, commissioned (there is now a unit that bears
it), and in the end decommissioned or destroyed. Each stage is one EPCIS ObjectEvent.
The same table stands in ``docs/events.md``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of the table.

    :param name: snake_case name; stands in the event's ``movement``.
    :param action: EPCIS action: ``ADD`` begins a unit's life, ``DELETE`` ends it.
    :param biz_step: CBV business step, bare word.
    :param disposition: CBV disposition that the unit has from now on, bare word; None
        where it keeps the one it has.
    :param held: whether the company was found to have the unit.
    """

    name: str
    action: str
    biz_step: str
    disposition: str | None
    held: bool = False


#: Source: CBV 2.0, business steps and dispositions, for the words.
STAGES = {
    stage.name: stage
    for stage in (
        Stage("commission", "ADD", "commissioning", "active"),
        Stage(
            "stocktake", "OBSERVE", "stock_taking", "sellable_not_accessible", held=True
        ),
        Stage("encode", "OBSERVE", "encoding", None),
        Stage("decommission", "DELETE", "decommissioning", "inactive"),
        Stage("destroy", "DELETE", "destroying", "destroyed"),
        # What a held unit is then, its reason says; what a released one is, where it
        # is; an override changes nothing of either.
        Stage("hold", "OBSERVE", "holding", "non_sellable_other"),
        Stage("release", "OBSERVE", "holding", None),
        Stage("override", "OBSERVE", "other", None),
        Stage("recall_return", "OBSERVE", "collecting", "returned"),
        Stage("recall_correct", "OBSERVE", "repairing", "conformant"),
        Stage("recall_refund", "OBSERVE", "other", None),
        Stage("recall_lose", "OBSERVE", "other", "unknown"),
        Stage("recall_destroy", "OBSERVE", "destroying", None),
    )
}


def get_stage(name: str) -> Stage:
    """Return the stage of that name.

    :raises KeyError: where there is none.

    >>> get_stage("destroy").disposition
    'destroyed'
    """
    return STAGES[name]
