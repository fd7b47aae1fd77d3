"""``make bench``: runs the benchmarks and prints their promises in one table."""

import subprocess
import sys

import console
import environment
import paths

_COLUMNS = ("benchmark", "measured", "budget", "")


def main(*names: str) -> int:
    """Run every ``benchmarks/bench_*.py``, or those whose names are given."""
    rows, broken = [], []
    for script in sorted((paths.ROOT / "benchmarks").glob("bench_*.py")):
        if not names or script.stem.removeprefix("bench_") in names:
            console.progress(f"Running {script.name}")
            code, found = _run(script)
            rows += found
            if code or not found:
                broken.append(f"{script.name} ended with code {code}")
    _print([_COLUMNS, *rows])
    print("", *broken, sep="\n")
    return 1 if broken or not rows or any(row[-1] != "ok" for row in rows) else 0


def _run(script) -> tuple[int, list[tuple[str, ...]]]:
    """Run one script; return its exit code and the rows that it printed.

    A row is a line ``RESULT<TAB>name<TAB>value<TAB>budget<TAB>ok|over``.
    """
    rows = []
    with subprocess.Popen(
        [sys.executable, str(script)],
        cwd=paths.ROOT,
        env=environment.variables(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for line in process.stdout:
            if line.startswith("RESULT\t"):
                rows.append(tuple(line.rstrip("\n").split("\t")[1:5]))
            else:
                print(line, end="", flush=True)
    return process.returncode, rows


def _print(rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print()
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
