"""How long it takes to make 1,000 unit labels as one PDF, on one core.

Every standard unit layout with each square symbol: checked, encoded, composed and drawn
with reportlab, each label with a serial of its own. Processor time counts, the median
of three runs.
"""

import pathlib
import random
import statistics
import sys
import time
from dataclasses import replace

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import conftest  # noqa: E402, F401 - a bare package in place of the addon
from databases import result  # noqa: E402
from serial_traceability.core.gs1.charsets import CSET_82  # noqa: E402
from serial_traceability.core.label import (  # noqa: E402
    STANDARD_LAYOUTS,
    Label,
    LabelLayout,
    Level,
    Symbology,
    compose,
    write_pdf,
)

_LABELS = 1000
_RUNS = 3
_BUDGET = 10.0


def make_labels(count: int) -> list[Label]:
    """Return labels with serials of 20 characters, as long as they can be."""
    source = random.Random(3)
    return [
        Label(
            (
                ("01", "09520001100017"),
                ("17", "281231"),
                ("10", "B17A"),
                ("21", "".join(source.choices(CSET_82, k=20))),
            ),
            "Phone X200 128 GB midnight blue",
            (("Expiry", "2028-12-31"), ("Batch", "B17A")),
        )
        for _number in range(count)
    ]


def measure(labels: list[Label], layout: LabelLayout) -> float:
    """Return the seconds of processor time that the labels' PDF takes."""
    started = time.process_time()
    write_pdf((compose(label, layout) for label in labels), sheet=layout.sheet)
    return time.process_time() - started


def main() -> None:
    """Print the time of each layout, and the slowest against the budget."""
    labels = make_labels(_LABELS)
    slowest = 0.0
    for name, layout in STANDARD_LAYOUTS.items():
        if layout.level is not Level.UNIT:
            continue
        for symbology in (Symbology.DATAMATRIX, Symbology.QR):
            if name == "a4_65" and symbology is Symbology.QR:
                continue  # too small for a link with 20 characters: refused
            chosen = replace(layout, symbology=symbology)
            runs = [measure(labels, chosen) for _run in range(_RUNS)]
            seconds = statistics.median(runs)
            print(f"{name}, {symbology.value}: {seconds:.2f} s", flush=True)
            slowest = max(slowest, seconds)
    result(
        f"{_LABELS} unit labels as PDF, slowest standard layout",
        f"{slowest:.2f} s",
        f"<= {_BUDGET:.2f} s",
        slowest <= _BUDGET,
    )


if __name__ == "__main__":
    main()
