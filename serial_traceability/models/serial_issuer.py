import itertools

from odoo import api, fields, models
from odoo.tools import SQL

from .. import name_index
from ..core import identity, numbering
from ..core.lifecycle import get_stage

#: How many numbers are asked about at once that may all be used already.
_SKIPPED = 10_000
#: How often numbers are drawn anew for those that somebody had.
_TURNS = 100
#: Columns that a copy has not from the first serial. Nobody has written it since it was
#: made; PostgreSQL would look the user up for each.
_OWN_COLUMNS = frozenset({"id", "name", "write_uid", "is_locked"})


class SerialIssuer(models.AbstractModel):
    """Makes numbers in bulk, and serials that bear them.

    Of the serials of one piece, Odoo's own ``create`` makes the first, with all that
    other addons add to it; the others are copies of its row with numbers of their
    own. That is what makes it fast: nothing runs once a unit but PostgreSQL.
    """

    _name = "serial.issuer"
    _description = "Bulk Issuing of Numbers"

    @api.model
    def _issue_piece(self, issue, count):
        """Issue ``count`` numbers of a run, commissioned if it says so.

        :param issue: a ``serial.issue``.
        :return: the numbers, in the order in which they were made.
        :raises NumberingError: where the scheme has not so many left.
        """
        counter = self._get_count(issue)[0]
        self._check_left(issue, counter, count)
        if not issue.commission:
            return self._collect(
                issue,
                count,
                lambda names: self.env["serial.number"]._reserve(issue, names),
            )
        [event_id] = self.env["serial.event"]._next_ids(1)
        first, units = self._make_first(issue, event_id), {}
        units[first.name] = first.id

        def make(names):
            made = self._make_copies(issue, names, first)
            units.update(made)
            return [name for name in names if name in made]

        names = [first.name, *self._collect(issue, count - 1, make)]
        # Whatever has read of the product's serials reads again.
        self.env["stock.lot"].invalidate_model(flush=False)
        self.env["serial.duplicate"]._check_guard()
        self._tell(issue, event_id, first, [(units[name], name) for name in names])
        self.env["serial.recall.locker"]._catch([units[name] for name in names])
        return names

    @api.model
    def _collect(self, issue, count, use):
        """Return ``count`` numbers that nobody had, drawn anew for those somebody had.

        :param use: takes numbers and returns those that are ours now.
        """
        names, drawn = [], issue.scheme_id.kind == "random"
        for turn in itertools.count():
            missing = count - len(names)
            if not missing:
                return names
            if drawn and turn:
                ours = use(self._draw_again(issue, missing, turn))
            else:
                ours = use(self._get_candidates(issue, missing))
            if not ours and not drawn:
                self._skip_used(issue)
            names += ours

    @api.model
    def _draw_again(self, issue, count, turn):
        """Return ``count`` numbers in place of drawn ones that somebody had: these are
        not issued, so the count of what is taken stays.

        :raises NumberingError: where nearly every number is in use.
        """
        if turn > _TURNS:
            raise self._exhausted(count)
        _counter, rules, parts = self._get_count(issue)
        return numbering.draw(rules, count, parts)

    @api.model
    def _get_count(self, issue):
        """Return the counter of a run, the rules of its scheme and what they name."""
        counter = self.env["serial.counter"]._find(issue._get_counter_key())
        return counter, issue.scheme_id._get_rules(), issue._get_parts()

    @api.model
    def _skip_used(self, issue):
        """Take all next places of a count whose numbers somebody used already.

        A product that was numbered elsewhere before may have a million of them, and
        would be asked about each by itself.
        """
        scheme = issue.scheme_id
        counter, rules, parts = self._get_count(issue)
        skipped = _SKIPPED
        while skipped == _SKIPPED:
            taken = counter._get_taken()
            left = max(0, numbering.capacity(rules, parts) - taken)
            values = numbering.values_from(rules, taken, min(left, _SKIPPED))
            names = numbering.count_up(rules, values, parts)
            used = self.env["serial.number"]._get_used(issue.product_id, names)
            skipped = len(list(itertools.takewhile(used.__contains__, names)))
            if skipped:
                counter._take(skipped, gap_free=scheme.gap_free)

    @api.model
    def _get_candidates(self, issue, count):
        """Return ``count`` numbers as the scheme makes them, and count them as taken.

        :raises NumberingError: where so many are not left.
        """
        counter, rules, parts = self._get_count(issue)
        self._check_left(issue, counter, count)
        places = counter._take(count, gap_free=issue.scheme_id.gap_free)
        # Others may have taken the last ones at the same moment.
        if max(places) >= self._get_limit(issue):
            raise self._exhausted(count)
        if rules.kind == "random":
            return numbering.draw(rules, count, parts)
        values = [rules.start + place * rules.step for place in places]
        return numbering.count_up(rules, values, parts)

    @api.model
    def _check_left(self, issue, counter, count):
        """Refuse before anything is taken: numbers that are taken count as issued."""
        if counter._get_taken() + count > self._get_limit(issue):
            raise self._exhausted(count)

    @api.model
    def _get_limit(self, issue):
        """Return how many numbers the count of a run may give in all: what the scheme
        allows, less the numbers of other looks that would be hit as well.
        """
        capacity = numbering.capacity(issue.scheme_id._get_rules(), issue._get_parts())
        key = issue._get_counter_key()
        return capacity - self.env["serial.counter"]._count_alike(key)

    @api.model
    def _exhausted(self, count):
        return numbering.NumberingError(
            f"{count} numbers are not left.", code="exhausted", value=str(count)
        )

    # ---- Serials ----

    @api.model
    def _make_first(self, issue, event_id):
        """Return a new serial made by Odoo's own ``create``."""

        def reserve(names):
            return self.env["serial.number"]._reserve(issue, names, "commissioned")

        [name] = self._collect(issue, 1, reserve)
        # Stands in for the right to create serials, which issuing them includes. A
        # message in the chatter of each would say what the ledger says.
        lots = (
            self.env["stock.lot"]
            .sudo()
            .with_context(tracking_disable=True, mail_create_nolog=True)
        )
        lot = lots.create(
            {
                "name": name,
                "product_id": issue.product_id.id,
                "batch_id": issue.batch_id.id,
                "company_id": issue.product_id.company_id.id,
            }
        )
        lot.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE serial_number SET lot_id = %s "
                "WHERE product_res_id = %s AND name = %s",
                lot.id,
                issue.product_id.id,
                name,
            )
        )
        self._set_state(issue, lot, event_id)
        return lot

    @api.model
    def _set_state(self, issue, lot, event_id):
        """Give the first serial the state that its copies take over."""
        stage = get_stage("commission")
        self.env.cr.execute(
            SQL(
                "UPDATE stock_lot SET "
                "disposition = jsonb_build_object(%(company)s, %(disposition)s), "
                "last_event_id = jsonb_build_object(%(company)s, %(event)s) "
                "WHERE id = %(lot)s",
                company=str(issue.company_id.id),
                disposition=stage.disposition,
                event=event_id,
                lot=lot.id,
            )
        )

    @api.model
    def _make_copies(self, issue, names, first):
        """Make a serial like ``first`` for each of ``names`` that nobody had before.

        One statement: PostgreSQL decides which numbers are new, and each row refers
        to the other.

        :return: ``{number: id of the serial}``.
        """
        if not names:
            return {}
        # PostgreSQL keeps the plan by which it checks foreign keys. One made while
        # there were few serials reads all of them for each of these.
        self.env.cr.execute("DISCARD PLANS")
        if issue._is_long():
            name_index.put_aside(self.env.cr)
        columns = [
            name
            for name, field in first._fields.items()
            if field.store and field.column_type and name not in _OWN_COLUMNS
        ]
        rows = self.env.execute_query(
            SQL(
                """
                WITH reserved AS (
                    INSERT INTO serial_number
                        (name, product_res_id, issue_id, state, lot_id)
                    SELECT candidate.name, %(product)s, %(issue)s, 'commissioned',
                        nextval('stock_lot_id_seq')
                    FROM unnest(%(names)s::text[]) AS candidate(name)
                    ON CONFLICT (name, product_res_id) DO NOTHING
                    RETURNING name AS number, lot_id
                )
                INSERT INTO stock_lot (id, name, %(columns)s)
                SELECT reserved.lot_id, reserved.number, %(values)s
                FROM reserved, stock_lot first WHERE first.id = %(first)s
                RETURNING name, id
                """,
                product=issue.product_id.id,
                issue=issue.id,
                names=self.env["serial.number"]._get_unused(issue.product_id, names),
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                values=SQL(", ").join(SQL.identifier("first", n) for n in columns),
                first=first.id,
            )
        )
        return dict(rows)

    @api.model
    def _tell(self, issue, event_id, first, units):
        """Write on the ledger that units were commissioned, as one event.

        :param units: pairs of the id and number of serials like ``first``.
        """
        lifecycle = self.env["serial.lifecycle"].with_company(issue.company_id)
        database = self.env["serial.movement"]._database_uuid()
        [row] = lifecycle._read(first)
        line = lifecycle._get_line(row)
        lines = [
            {
                **line,
                "lot_id": lot_id,
                "lot_name": name,
                "epc": identity.unit_uri(
                    database, lot_id, name, row["gtin"], is_serial=True
                ),
            }
            for lot_id, name in units
        ]
        common = {
            "event_time": fields.Datetime.now(),
            "reason": None,
            **lifecycle._get_document(issue),
        }
        draft = lifecycle._draft(get_stage("commission"), row, lines, common)
        self.env["serial.event"]._write_rows([event_id], [draft])
