"""How far a notice to a customer is, from what was sent and what came back."""

from typing import Literal

#: What a customer is reached by.
Channel = Literal["email", "letter", "none"]
#: What a mailing is for: the first, one about units found later, one that reminds.
Kind = Literal["notice", "more", "reminder"]
#: How far a mailing is. What is ``due`` was not handed to anybody, what is ``queued``
#: waits for the mail server.
MailingState = Literal["due", "queued", "sent", "failed"]
NoticeState = Literal["pending", "unreachable", "sent", "failed", "answered"]


def get_channel(*, has_email: bool, has_address: bool) -> Channel:
    """Return how a customer is told: by e-mail where there is one.

    >>> get_channel(has_email=False, has_address=True)
    'letter'
    """
    if has_email:
        return "email"
    return "letter" if has_address else "none"


def get_state(
    channel: str, mailings: list[tuple[str, str]], *, answered: bool
) -> NoticeState:
    """Return how far a notice is.

    :param channel: see :data:`Channel`.
    :param mailings: kind and state of each, oldest first.
    :param answered: whether the customer answered for all units, or they came back.

    A reminder that waits does not take back that the customer was told:

    >>> get_state("email", [("notice", "sent"), ("reminder", "due")], answered=False)
    'sent'
    >>> get_state("email", [("notice", "sent"), ("more", "queued")], answered=False)
    'pending'
    >>> get_state("none", [("notice", "due")], answered=False)
    'unreachable'
    >>> get_state("email", [("notice", "failed")], answered=True)
    'answered'
    """
    if answered:
        return "answered"
    if any(kind != "reminder" and _waits(state) for kind, state in mailings):
        return "unreachable" if channel == "none" else "pending"
    ended = [state for _kind, state in mailings if not _waits(state)]
    return "failed" if ended[-1:] == ["failed"] else "sent"


def _waits(state: str) -> bool:
    return state in ("due", "queued")
