"""What the developer sees: progress, and one sentence about what is missing."""

import sys


class StopError(Exception):
    """A sentence that tells the developer what is missing and what to do."""


def progress(text: str) -> None:
    """Say what is being done now."""
    print(f"==> {text}", file=sys.stderr, flush=True)
