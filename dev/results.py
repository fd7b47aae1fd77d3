"""What came of a step of ``make test``, and how the whole is told."""

import dataclasses


@dataclasses.dataclass
class Result:
    """The outcome of one step: how many passed, what failed, what did not run."""

    name: str
    passed: int = 0
    failures: list[str] = dataclasses.field(default_factory=list)
    skipped: list[str] = dataclasses.field(default_factory=list)
    seconds: float = 0.0

    def check(self, name: str, complaint: str) -> None:
        """Count one check: passed if there is nothing to complain about."""
        if complaint:
            self.failures.append(f"{name}\n{_indented(complaint)}")
        else:
            self.passed += 1

    def __str__(self) -> str:
        text = f"{self.name}: {self.passed} passed, {len(self.failures)} failed"
        if self.skipped:
            text += f", {len(self.skipped)} skipped"
        return f"{text} ({self.seconds:.0f} s)"


def _indented(text: str) -> str:
    return "\n".join(f"      {line}" for line in text.strip().splitlines())


def tell(results: list[Result]) -> int:
    """Print the steps, the failures and the last line; return the exit code.

    >>> tell([Result("core", passed=2), Result("wheels", failures=["no wheel"])])
    <BLANKLINE>
    core: 2 passed, 0 failed (0 s)
    wheels: 0 passed, 1 failed (0 s)
    <BLANKLINE>
    FAILED wheels: no wheel
    <BLANKLINE>
    2 passed, 1 failed
    1
    """
    print("", *results, sep="\n")
    for result in results:
        for text in result.skipped:
            print(f"\nSKIPPED {result.name}: {text}")
        for text in result.failures:
            print(f"\nFAILED {result.name}: {text}")
    passed = sum(result.passed for result in results)
    failed = sum(len(result.failures) for result in results)
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0
