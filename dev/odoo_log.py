"""Reads what a run of Odoo's tests wrote to its log."""

import dataclasses
import re

_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) \S+ "
    r"(?P<logger>\S+): (?P<text>.*?) *$"
)
_TOTAL = re.compile(r"\d+ failed, \d+ error\(s\) of (\d+) tests")
_FAILED = re.compile(r"^(?:FAIL|ERROR): (?P<test>.*)$")
_STARTED = re.compile(r"^Starting (?P<test>\S+) \.\.\.$")
_IN_BROWSER = re.compile(r"^\[HOOT\] Passed (\d+) tests")
_SKIPPED = re.compile(r"^skipped (?P<test>.*)$")
_SUMMED_UP = re.compile(
    r"^(Module \S+: \d+ failures, \d+ errors of|At least one test failed when loading)"
)
_BAD = ("ERROR", "CRITICAL")
_OURS = "serial_traceability"


@dataclasses.dataclass
class _Entry:
    level: str
    logger: str
    text: str


@dataclasses.dataclass
class Report:
    """What one log says about the tests and the run around them.

    :ivar tests: how many tests Odoo says it ran.
    :ivar in_browser: how many JavaScript tests passed within those.
    :ivar started: the ids of those tests.
    :ivar failed: id of each failed test, with what it printed.
    :ivar skipped: id and reason of each skipped test.
    :ivar complaints: other lines that a clean run does not have.
    """

    tests: int = 0
    in_browser: int = 0
    started: set[str] = dataclasses.field(default_factory=set)
    failed: dict[str, str] = dataclasses.field(default_factory=dict)
    skipped: list[str] = dataclasses.field(default_factory=list)
    complaints: list[str] = dataclasses.field(default_factory=list)

    @property
    def passed(self) -> int:
        """Return how many tests passed, those in the browser included."""
        failed = {test.split(" (")[0] for test in self.failed}
        not_passed = len(failed & self.started) + len(self.skipped)
        return max(0, self.tests - not_passed) + self.in_browser


def read(log: str) -> Report:
    r"""Return the report of a log.

    >>> start = "2026-01-31 10:00:00,000 7 "
    >>> test = "db odoo.addons.stock.tests.test_lot: "
    >>> report = read(
    ...     f"{start}INFO {test}Starting TestLot.test_a ...\n"
    ...     f"{start}ERROR {test}FAIL: TestLot.test_a\nTraceback: no\n"
    ...     f"{start}INFO db odoo.tests.result: 1 failed, 0 error(s) of 3 tests\n"
    ... )
    >>> report.tests, report.failed
    (3, {'stock/test_lot TestLot.test_a': 'Traceback: no'})
    """
    report = Report()
    for entry in _entries(log):
        _note(entry, report)
    return report


def _entries(log: str) -> list[_Entry]:
    entries = []
    for line in log.splitlines():
        match = _LINE.match(line)
        if match:
            entries.append(_Entry(**match.groupdict()))
        elif entries:
            entries[-1].text += f"\n{line}"
    return entries


def _note(entry: _Entry, report: Report) -> None:
    title, _, rest = entry.text.partition("\n")
    if entry.logger == "odoo.tests.result":
        report.tests += sum(map(int, _TOTAL.findall(title)))
    elif in_browser := _IN_BROWSER.match(title):
        report.in_browser += int(in_browser[1])
    elif started := _STARTED.match(title):
        report.started.add(_test_id(entry, started["test"]))
    elif skipped := _SKIPPED.match(title):
        report.skipped.append(_test_id(entry, skipped["test"]))
    elif entry.level in _BAD and (failed := _FAILED.match(title)):
        _add(report.failed, _test_id(entry, failed["test"]), rest)
    elif _is_complaint(entry):
        report.complaints.append(f"{entry.level} {entry.logger}: {entry.text}")


def _test_id(entry: _Entry, test: str) -> str:
    parts = entry.logger.removeprefix("odoo.addons.").split(".tests.")
    return f"{'/'.join(parts)} {test.removeprefix('Subtest ')}"


def _add(failed: dict[str, str], test: str, text: str) -> None:
    failed[test] = "\n".join(filter(None, [failed.get(test), text]))


def _is_complaint(entry: _Entry) -> bool:
    """Say whether a clean run would not have the line: an error, or our warning."""
    if _SUMMED_UP.match(entry.text):
        return False
    said = f"{entry.logger} {entry.text}"
    return entry.level in _BAD or (entry.level == "WARNING" and _OURS in said)
