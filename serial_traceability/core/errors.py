"""What the rules in ``core`` raise; records translate it into Odoo's errors."""


class RuleError(ValueError):
    """A value breaks a rule: says what, where and what was expected.

    :param message: one English sentence for a log or a developer, complete
        without the attributes below.
    :param code: stable snake_case word for the kind of fault (a record maps it to
        its own translated sentence).
    :param value: the offending value, as it came.
    :param expected: what would have been right, in words.
    :param position: 0-based offset of the fault in the text that was given, or
        None where the text has no such place.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "invalid",
        value: str = "",
        expected: str = "",
        position: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.value = value
        self.expected = expected
        self.position = position


class Gs1Error(RuleError):
    """A text is not what GS1's General Specifications or Digital Link ask for."""


class EpcError(RuleError):
    """A value does not fit GS1's EPC Tag Data Standard."""


class EpcisError(RuleError):
    """An event does not fit EPCIS or the Core Business Vocabulary."""


class LabelError(RuleError):
    """A symbol cannot be made, or a label has no room for what it must say."""


class LedgerError(RuleError):
    """A ledger entry, proof or checkpoint does not hold."""
