"""Prints how many GS1 element strings one core parses in a second.

The strings are those of a serialised product: GTIN, serial, batch and expiry date, each
with another serial. Run it from the root of the repository; it needs no Odoo.
"""

import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import conftest  # noqa: E402, F401 - a bare package in place of the addon
from serial_traceability.core.gs1 import parse  # noqa: E402

COUNT = 50_000
ROUNDS = 5
BUDGET = 20_000


def make_strings(count: int) -> list[str]:
    """Return ``count`` element strings as a reader delivers them."""
    return [
        f"]d2010952000110001721A{number:011d}\x1d10B17A{number % 7}\x1d17281231"
        for number in range(count)
    ]


def measure(strings: list[str]) -> float:
    """Return how many of ``strings`` are parsed in a second of processor time."""
    started = time.process_time()
    for string in strings:
        parse(string)
    return len(strings) / (time.process_time() - started)


def main() -> None:
    """Print the median rate of some rounds."""
    strings = make_strings(COUNT)
    rates = sorted(measure(strings) for _ in range(ROUNDS))
    rate = rates[ROUNDS // 2]
    print(
        "RESULT",
        "GS1 element strings parsed, one core, /s",
        f"{rate:.0f}",
        f"≥ {BUDGET}",
        "ok" if rate >= BUDGET else "over",
        sep="\t",
    )


if __name__ == "__main__":
    main()
