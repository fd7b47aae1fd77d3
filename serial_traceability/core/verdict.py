"""What is to be said of scanned units on a transfer: the rules, without a database.

The caller loads a :class:`Situation` once, whatever the number of lines, and
:func:`judge` walks the lines in order. Each line gets one :class:`Verdict`: the first
reason against it, else the first reason for a second look, else ``ok``.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from .identity import is_gs1_serial, is_mistyped_gtin
from .numbering import Form, Scheme, fits_form, is_mistyped
from .scan import Scan

Level = Literal["good", "warning", "wrong"]


@dataclass(frozen=True, slots=True)
class Product:
    """What scanning must know of a product and its policy.

    :param form: what form numbers must have that somebody else made, None for any.
    :param announced_only: nothing is received but what the supplier announced.
    :param scheme: how numbers of the product look that we issue.
    """

    id: int
    name: str
    is_serial: bool = True
    form: Form | None = None
    require_batch: bool = False
    require_expiry: bool = False
    unexpected_serial: Literal["accept", "warn", "refuse"] = "warn"
    announced_only: bool = False
    scheme: Scheme | None = None


@dataclass(frozen=True, slots=True)
class KnownSerial:
    """What the database says of one serial.

    :param foreign: it belongs to a company that this transfer is not of.
    :param retired: its number was taken out of use, or the unit destroyed, for good.
    :param moved: it came in before; asked only where a block must name the number.
    :param place: where it stands: ``here`` at the transfer's source, ``elsewhere`` in
        a place that keeps goods, or nowhere in such a place.
    :param location: name of that place, empty where the user may not know it.
    :param reserved_by: name of another transfer that wants it.
    :param reserved_firmly: that other transfer has already picked it.
    :param held_for: why it is on hold, in words, where that keeps it from being moved
        here.
    """

    id: int
    product_id: int
    name: str
    product_name: str = ""
    batch: str = ""
    expiry: date | None = None
    foreign: bool = False
    retired: bool = False
    moved: bool = False
    place: Literal["here", "elsewhere", "nowhere"] = "nowhere"
    location: str = ""
    reserved_by: str = ""
    reserved_firmly: bool = False
    held_for: str = ""


@dataclass(frozen=True, slots=True)
class IssuedNumber:
    """What is known of a number that we issued.

    :param block: name of the block of numbers it stands in, empty for none.
    :param others: the block is somebody else's than who sends the unit.
    :param expired: last day of the block, where that is over.
    :param moved: a unit that bears it came in before. A serial that was only created
        ahead, whose unit is still to come, did not.
    :param sent_back: who sends the unit now had it before: it was with them.
    """

    state: Literal["issued", "commissioned", "decommissioned", "returned", "destroyed"]
    block: str = ""
    others: bool = False
    expired: date | None = None
    moved: bool = False
    sent_back: bool = False

    @property
    def fault(self) -> str | None:
        """Return the code of what keeps the number from being used, None for nothing.

        >>> IssuedNumber("issued", "B1", others=True).fault
        'other_block'
        >>> IssuedNumber("commissioned", "B1", others=True, moved=True).fault
        """
        if self.state in ("returned", "destroyed"):
            return f"number_{self.state}"
        if self.state == "decommissioned":
            return "retired"
        if self.moved:
            return None
        if self.others:
            return "other_block"
        in_time = self.state == "commissioned" or not self.expired
        return None if in_time else "block_expired"

    @property
    def is_second(self) -> bool:
        """Return whether a unit that comes in now is a second one with a number of a
        block.

        >>> IssuedNumber("commissioned", "B1", moved=True).is_second
        True
        >>> IssuedNumber("commissioned", "B1").is_second
        False
        """
        return bool(self.block) and self.moved and not self.sent_back


@dataclass(frozen=True)
class Situation:
    """What is true of a transfer while lines are judged.

    :param purpose: ``receive`` takes new serials in, ``give_back`` takes serials
        from where they are not kept (a customer), ``take`` takes from stock,
        ``announce`` only lists what is to come, ``stocktake`` lists what is here and
        has no numbers yet.
    :param demand: units asked for, by product id; None where anything may come.
    :param scanned: (product id, serial) already on the transfer and picked; while
        announcing, already announced.
    :param scanned_counts: how many are scanned there, by product id; None where
        ``scanned`` has them all.
    :param batch_expiries: expiry by (product id, batch number).
    :param announced: serials announced, by product id; a product without an entry
        has no list.
    :param issued: numbers that we issued, by (product id, number).
    :param held: by product id, the names of the blocks from which the sender numbers
        the units: nothing else may come in.
    :param counted: by (product id, serial), the other place at which a stocktake
        found it before.
    :param gtins: the GTINs of the products that are expected and of their packagings,
        14 digits each; needed only where a plain number may be one of them.
    """

    purpose: Literal["receive", "give_back", "take", "announce"]
    today: date
    products: Mapping[int, Product] = field(default_factory=dict)
    products_by_gtin: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    serials: Mapping[str, tuple[KnownSerial, ...]] = field(default_factory=dict)
    demand: Mapping[int, float] | None = None
    scanned: frozenset[tuple[int, str]] = frozenset()
    scanned_counts: Mapping[int, int] | None = None
    batch_expiries: dict[tuple[int, str], date] = field(default_factory=dict)
    announced: Mapping[int, frozenset[str]] = field(default_factory=dict)
    issued: Mapping[tuple[int, str], IssuedNumber] = field(default_factory=dict)
    held: Mapping[int, str] = field(default_factory=dict)
    counted: Mapping[tuple[int, str], str] = field(default_factory=dict)
    gtins: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be judged.

    :param product_id: product that a user chose, before what the scan says.
    """

    number: int
    scan: Scan
    product_id: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a line, and the product and serial it was found to be."""

    code: str = "ok"
    level: Level = "good"
    details: Mapping[str, Any] = field(default_factory=dict)
    product_id: int | None = None
    serial: KnownSerial | None = None


@dataclass
class _Case:
    """One line while it is being judged."""

    line: Line
    situation: Situation
    product: Product | None = None
    serial: KnownSerial | None = None

    @property
    def scan(self) -> Scan:
        return self.line.scan

    def said(self, code: str, level: Level, **details: Any) -> Verdict:
        return Verdict(
            code,
            level,
            details,
            self.product and self.product.id,
            self.serial,
        )


def judge(lines: Iterable[Line], situation: Situation) -> list[Verdict]:
    """Return one verdict a line, in order.

    A line that repeats an earlier good one is a duplicate, so the order counts; a
    wrong line counts for nothing.
    """
    first_lines: dict[tuple[int, str], int] = {}
    counts = Counter(product_id for product_id, _name in situation.scanned)
    if situation.scanned_counts is not None:
        counts = Counter(situation.scanned_counts)
    # What the first good line says of a batch holds for the lines below it.
    situation = replace(situation, batch_expiries=dict(situation.batch_expiries))
    return [_judge_line(line, situation, first_lines, counts) for line in lines]


def _judge_line(
    line: Line,
    situation: Situation,
    first_lines: dict[tuple[int, str], int],
    counts: Counter[int],
) -> Verdict:
    case = _Case(line, situation)
    for rule in _REFUSALS:
        verdict = rule(case)
        if verdict:
            return verdict
    product, scan = case.product, case.scan
    assert product and scan.serial  # the refusals above see to it
    key = (product.id, scan.serial)
    if key in first_lines:
        return case.said("duplicate", "wrong", first=first_lines[key])
    verdict = next(filter(None, (rule(case) for rule in _DOUBTS)), None)
    first_lines[key] = line.number
    if scan.batch and scan.expiry:
        batch = (product.id, scan.batch)
        situation.batch_expiries.setdefault(batch, scan.expiry)
    counts[product.id] += 1
    if verdict:
        return verdict
    demand = situation.demand
    if demand is not None and counts[product.id] > demand.get(product.id, 0):
        return case.said("surplus", "warning", demand=demand.get(product.id, 0))
    return case.said("ok", "good")


# ---- What speaks against a line ----


def _fault(case: _Case) -> Verdict | None:
    scan = case.scan
    if not scan.fault:
        return None
    return case.said(
        scan.fault,
        "wrong",
        value=scan.value,
        expected=scan.expected,
        position=scan.position,
    )


def _no_unit(case: _Case) -> Verdict | None:
    if case.scan.kind == "sscc":
        return case.said("sscc", "wrong", sscc=case.scan.value)
    if case.scan.kind == "epc":
        return case.said("other_epc", "wrong", value=case.scan.value)
    return None


def _product(case: _Case) -> Verdict | None:
    """Find the product: the user's choice, then the GTIN's, then the serial's."""
    line, situation = case.line, case.situation
    if line.product_id:
        case.product = situation.products[line.product_id]
    elif case.scan.gtin:
        return _product_of_gtin(case)
    else:
        return _product_of_serial(case)
    return None


def _product_of_gtin(case: _Case) -> Verdict | None:
    gtin, situation = case.scan.gtin or "", case.situation
    found = situation.products_by_gtin.get(gtin, ())
    if not found:
        return case.said("unknown_product", "wrong", gtin=gtin)
    if len(found) > 1:
        names = [situation.products[product_id].name for product_id in found]
        return case.said("ambiguous_product", "wrong", gtin=gtin, products=names)
    case.product = situation.products[found[0]]
    return None


def _product_of_serial(case: _Case) -> Verdict | None:
    """Find the product of a number that comes without a GTIN."""
    situation, text = case.situation, case.scan.serial or ""
    wanted = [
        product
        for product in situation.products.values()
        if product.is_serial and product.id in (situation.demand or {})
    ]
    known = [each for each in situation.serials.get(text, ()) if not each.foreign]
    on_transfer = [
        each for each in known if each.product_id in {one.id for one in wanted}
    ]
    candidates = {each.product_id for each in on_transfer or known}
    if len(candidates) == 1:
        case.product = situation.products[candidates.pop()]
        return None
    if candidates:
        names = sorted({each.product_name for each in on_transfer or known})
        return case.said("ambiguous_serial", "wrong", serial=text, products=names)
    if len(wanted) == 1 and " " not in text:
        case.product = wanted[0]
        return None
    return case.said("unknown_text", "wrong", text=text)


def _wrong_product(case: _Case) -> Verdict | None:
    product, demand = case.product, case.situation.demand
    assert product
    if not product.is_serial:
        return case.said("not_serial_tracked", "wrong", product=product.name)
    if demand is not None and product.id not in demand:
        return case.said("wrong_product", "wrong", product=product.name)
    return None


def _no_serial(case: _Case) -> Verdict | None:
    assert case.product
    if not case.scan.serial:
        return case.said("no_serial", "wrong", product=case.product.name)
    return None


def _policy(case: _Case) -> Verdict | None:
    product, scan = case.product, case.scan
    assert product and scan.serial
    if case.situation.purpose in ("take", "give_back"):
        return None  # what a unit's label must say is decided when it is received
    if product.require_batch and not scan.batch:
        return case.said("batch_missing", "wrong", product=product.name)
    if product.require_expiry and not scan.expiry:
        return case.said("expiry_missing", "wrong", product=product.name)
    return None


def _scanned(case: _Case) -> Verdict | None:
    assert case.product and case.scan.serial
    if (case.product.id, case.scan.serial) in case.situation.scanned:
        announced = case.situation.purpose == "announce"
        code = "already_announced" if announced else "already_scanned"
        return case.said(code, "wrong", serial=case.scan.serial)
    return None


def _issued(case: _Case) -> Verdict | None:
    """Refuse a number of another's block, or one that nothing may bear any more."""
    issued = _get_issued(case)
    if not issued or not issued.fault:
        return None
    return case.said(
        issued.fault,
        "wrong",
        serial=case.scan.serial,
        block=issued.block,
        expired=issued.expired,
    )


def _form(case: _Case) -> Verdict | None:
    """Refuse a new number that has not the form that the policy asks for; what a known
    unit bears was decided when it came.
    """
    product, serial = case.product, case.scan.serial
    assert product and serial
    if not product.form or fits_form(product.form, serial) or _get_same(case):
        return None
    return case.said(
        "wrong_form", "wrong", serial=serial, product=product.name, form=product.form
    )


def _used_twice(case: _Case) -> Verdict | None:
    """Refuse a second unit with a number of a block: the first one went out again."""
    issued = _get_issued(case)
    if case.situation.purpose == "stocktake" or not issued or not issued.is_second:
        return None
    return case.said("used_twice", "wrong", serial=case.scan.serial, block=issued.block)


def _not_issued(case: _Case) -> Verdict | None:
    """Refuse a number that nobody issued where the sender has numbers of ours.

    A unit that was here before comes back with the number it has.
    """
    assert case.product
    block = case.situation.held.get(case.product.id)
    if not block or _get_issued(case) or (case.serial and case.serial.moved):
        return None
    return case.said(
        "not_issued",
        "wrong",
        serial=case.scan.serial,
        product=case.product.name,
        block=block,
    )


def _get_issued(case: _Case) -> IssuedNumber | None:
    """Return what is known of the number where units come in or get one, else None."""
    assert case.product and case.scan.serial
    if case.situation.purpose not in ("receive", "announce", "stocktake"):
        return None
    return case.situation.issued.get((case.product.id, case.scan.serial))


def _get_same(case: _Case) -> list[KnownSerial]:
    """Return the serials of this product that have the scanned number."""
    assert case.product and case.scan.serial
    known = case.situation.serials.get(case.scan.serial, ())
    return [each for each in known if each.product_id == case.product.id]


def _existing(case: _Case) -> Verdict | None:
    """Find the serial in the database, and whether it may be on this transfer."""
    assert case.product and case.scan.serial
    name, purpose = case.scan.serial, case.situation.purpose
    known = case.situation.serials.get(name, ())
    same = _get_same(case)
    case.serial = next((each for each in same if not each.foreign), None)
    if not case.serial and same:
        return case.said("other_company", "wrong", serial=name)
    if case.serial and case.serial.retired:
        return case.said("retired", "wrong", serial=name)
    if case.serial and case.serial.held_for:
        return case.said("locked", "wrong", serial=name, reasons=case.serial.held_for)
    if purpose == "take":
        return _takeable(case, known)
    if case.serial and case.serial.place != "nowhere":
        return case.said(
            "in_stock", "wrong", serial=name, location=case.serial.location
        )
    return None


def _takeable(case: _Case, known: Iterable[KnownSerial]) -> Verdict | None:
    serial, name = case.serial, case.scan.serial
    if not serial:
        others = sorted({each.product_name for each in known if not each.foreign})
        if others:
            return case.said("other_product", "wrong", serial=name, products=others)
        return case.said("not_known", "wrong", serial=name)
    if serial.place != "here":
        return case.said("not_here", "wrong", serial=name, location=serial.location)
    if serial.reserved_firmly:
        return case.said("reserved", "wrong", serial=name, transfer=serial.reserved_by)
    return None


def _batch(case: _Case) -> Verdict | None:
    assert case.product
    scan, serial = case.scan, case.serial
    if serial and serial.batch and scan.batch and serial.batch != scan.batch:
        return case.said("other_batch", "wrong", batch=serial.batch, scanned=scan.batch)
    if not scan.batch or not scan.expiry:
        return None
    known = case.situation.batch_expiries.get((case.product.id, scan.batch))
    if known and known != scan.expiry:
        return case.said(
            "other_expiry",
            "wrong",
            batch=scan.batch,
            expiry=known,
            scanned=scan.expiry,
        )
    return None


def _unexpected(case: _Case) -> Verdict | None:
    """Refuse what the supplier did not announce, where the policy says so."""
    assert case.product
    product = case.product
    refused = product.announced_only or product.unexpected_serial == "refuse"
    if refused and _is_unexpected(case):
        return case.said("not_expected", "wrong", serial=case.scan.serial)
    return None


_Rule = Callable[[_Case], Verdict | None]

#: In the order in which they speak; later ones build on what earlier ones found.
_REFUSALS: tuple[_Rule, ...] = (
    _fault,
    _no_unit,
    _product,
    _wrong_product,
    _no_serial,
    _form,
    _policy,
    _scanned,
    _issued,
    _existing,
    _used_twice,
    _not_issued,
    _batch,
    _unexpected,
)


# ---- What asks for a second look ----


def _is_unexpected(case: _Case) -> bool:
    assert case.product
    announced = case.situation.announced.get(case.product.id)
    if case.situation.purpose == "announce":
        return False
    if announced is None:
        return case.product.announced_only
    return case.scan.serial not in announced


def _unannounced(case: _Case) -> Verdict | None:
    assert case.product
    if _is_unexpected(case) and case.product.unexpected_serial == "warn":
        return case.said("not_expected", "warning", serial=case.scan.serial)
    return None


def _unknown_return(case: _Case) -> Verdict | None:
    if case.situation.purpose == "give_back" and not case.serial:
        return case.said("not_known", "warning", serial=case.scan.serial)
    return None


def _shared_number(case: _Case) -> Verdict | None:
    """Point at a new serial whose number another product's serial has, too."""
    assert case.product and case.scan.serial
    if case.serial:
        return None
    others = {
        each.product_name
        for each in case.situation.serials.get(case.scan.serial, ())
        if not each.foreign and each.product_id != case.product.id
    }
    if not others:
        return None
    return case.said(
        "other_product", "warning", serial=case.scan.serial, products=sorted(others)
    )


def _reserved(case: _Case) -> Verdict | None:
    if case.serial and case.serial.reserved_by:
        return case.said(
            "reserved",
            "warning",
            serial=case.scan.serial,
            transfer=case.serial.reserved_by,
        )
    return None


def _expired(case: _Case) -> Verdict | None:
    expiry = case.scan.expiry or (case.serial and case.serial.expiry)
    if expiry and expiry < case.situation.today:
        return case.said("expired", "warning", expiry=expiry)
    return None


def _counted_elsewhere(case: _Case) -> Verdict | None:
    assert case.product and case.scan.serial
    place = case.situation.counted.get((case.product.id, case.scan.serial))
    if not place:
        return None
    return case.said(
        "counted_elsewhere", "warning", serial=case.scan.serial, location=place
    )


def _mistyped(case: _Case) -> Verdict | None:
    """Doubt a new number that looks like ours, but for its check character."""
    assert case.product and case.scan.serial
    scheme = case.product.scheme
    if not scheme or case.serial or _get_issued(case):
        return None
    if not is_mistyped(scheme, case.scan.serial):
        return None
    return case.said("check_character", "warning", serial=case.scan.serial)


def _mistyped_gtin(case: _Case) -> Verdict | None:
    """Doubt a new number that is a GTIN of what is expected, but for one slip."""
    assert case.product and case.scan.serial
    text, announced = case.scan.serial, case.situation.announced
    if case.scan.kind != "plain" or case.serial or _get_issued(case):
        return None
    if text in announced.get(case.product.id, ()):
        return None
    meant = sorted(g for g in case.situation.gtins if is_mistyped_gtin(text, g))
    return (
        case.said("mistyped_gtin", "warning", value=text, gtin=meant[0])
        if meant
        else None
    )


def _odd_serial(case: _Case) -> Verdict | None:
    """Doubt a new number that no GS1 symbol can carry: often a slip of hand."""
    assert case.scan.serial
    if case.serial or is_gs1_serial(case.scan.serial):
        return None
    return case.said("odd_serial", "warning", serial=case.scan.serial)


_DOUBTS: tuple[_Rule, ...] = (
    _counted_elsewhere,
    _mistyped_gtin,
    _mistyped,
    _unannounced,
    _unknown_return,
    _shared_number,
    _reserved,
    _expired,
    _odd_serial,
)
