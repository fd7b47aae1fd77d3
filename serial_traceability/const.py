"""Context keys of this addon, all of them, and what each says."""

from collections import namedtuple

#: Why a sealed field of a serial is changed; text the user gave. Who may change it is
#: checked where the change is written, whoever set the key.
CHANGE_REASON = "serial_change_reason"

#: The document in whose course core changes serials: a :class:`Document`.
DOCUMENT = "serial_document"


class Document(namedtuple("Document", ["model", "res_id", "name"])):
    """A document as the ledger names it: model, id (None for several), name.

    A class of its own, because a context may come from outside: what a client sends
    as :data:`DOCUMENT` is text, a list or a dictionary and never one of these.
    """

    __slots__ = ()

    @classmethod
    def of(cls, records):
        """Return the document that stands for ``records`` of one model."""
        res_id = records.id if len(records) == 1 else None
        names = [record.display_name or "" for record in records[:5]]
        more = ["…"] if len(records) > 5 else []
        return cls(records._name, res_id, ", ".join(names + more))

    @classmethod
    def current(cls, env):
        """Return the document in whose course ``env`` works, None for none."""
        document = env.context.get(DOCUMENT)
        return document if isinstance(document, cls) else None


#: Set where serials are created whose units are still to be made. From outside it does
#: no harm: a number is then in use once its unit moves.
PLANNED = "serial_planned"

#: The done moves of which whoever set it tells all changes at once: :class:`Moves`.
CORRECTION = "serial_correction"


class Moves(frozenset):
    """The ids of some moves; of its own for the same reason as :class:`Document`."""

    __slots__ = ()

    @classmethod
    def told_together(cls, env):
        """Return the ids of the moves of which somebody else tells what changes."""
        moves = env.context.get(CORRECTION)
        return moves if isinstance(moves, cls) else cls()


#: Set on the products of which core adds up what stands somewhere, to find what has to
#: be ordered. From outside it does no harm: whoever sends it sees less on hand.
WITHOUT_LOCKED = "serial_without_locked"

#: What stock is being chosen for: a :class:`Choice`.
CHOICE = "serial_choice"

#: Set only while quants are looked up to be chosen from: a :class:`Choice`. Where it
#: leaked into the keeping of quantities, these would miss the quants of held units.
CHOOSING = "serial_choosing"


class Choice(namedtuple("Choice", ["passage", "free_ids"])):
    """What a movement is to the held units among those that may be chosen for it: the
    name of the passage, and the ids of lots that may take it all the same.

    Of its own for the same reason as :class:`Document`.
    """

    __slots__ = ()

    @classmethod
    def current(cls, env, key=CHOICE):
        """Return what ``env`` chooses stock for, None for nothing."""
        choice = env.context.get(key)
        return choice if isinstance(choice, cls) else None
