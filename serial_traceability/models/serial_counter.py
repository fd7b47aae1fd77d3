import math

from odoo import api, fields, models
from odoo.tools import SQL

from ..core import numbering

_SEQUENCE = "serial_counter_%s_seq"


class SerialCounter(models.Model):
    """How many numbers of a series were taken, for one of the things it counts by.

    A series that counts up is one of a scheme with the same start and step: with
    another start or step it begins anew, and with the old ones it goes on where it
    was. Numbers that are drawn are counted by product and by what they look like,
    whatever scheme they are of, because who makes one up may hit each of them.

    A row comes with the first number and never goes. Where gaps do not matter, the
    count is a sequence of PostgreSQL, which nobody waits for; where they do, it is the
    row itself, which is locked until the numbers are committed.
    """

    _name = "serial.counter"
    _description = "Count of a Numbering Scheme"
    _log_access = False

    scheme_id = fields.Many2one(
        "serial.scheme",
        readonly=True,
        ondelete="restrict",
        help="Empty for numbers that are drawn.",
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    batch_id = fields.Many2one("serial.batch", readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", readonly=True, ondelete="restrict")
    period = fields.Char(readonly=True)
    series = fields.Char(readonly=True, help="What tells it from other counts")
    taken = fields.Integer(readonly=True)

    _key_unique = models.UniqueIndex(
        "(COALESCE(scheme_id, 0), COALESCE(product_id, 0), COALESCE(batch_id, 0), "
        "COALESCE(company_id, 0), COALESCE(period, ''), COALESCE(series, ''))"
    )

    @api.model
    def _find(self, key):
        """Return the counter of ``key``, made where there is none: only those who
        issue its first numbers at the same moment wait for each other.

        :param key: column name to value, see ``serial.scheme``.
        """
        columns = SQL(", ").join(SQL.identifier(name) for name in key)
        values = SQL(", ").join(SQL("%s", value) for value in key.values())
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO serial_counter (%s, taken) VALUES (%s, 0) "
                "ON CONFLICT DO NOTHING RETURNING id",
                columns,
                values,
            )
        )
        if rows:
            self._create_sequence(rows[0][0])
            return self.browse(rows[0][0])
        same = SQL(" AND ").join(
            SQL("%s IS NOT DISTINCT FROM %s", SQL.identifier(name), value)
            for name, value in key.items()
        )
        rows = self.env.execute_query(
            SQL("SELECT id FROM serial_counter WHERE %s", same)
        )
        return self.browse(rows[0][0])

    @api.model
    def _create_sequence(self, counter_id):
        """Make the sequence of a new counter; it goes with the table."""
        self.env.cr.execute(
            SQL(
                "CREATE SEQUENCE %s MINVALUE 0 START 0 OWNED BY serial_counter.id",
                SQL.identifier(_SEQUENCE % counter_id),
            )
        )

    def _get_taken(self):
        """Return how many numbers were taken, also by what was broken off."""
        return sum(self._read_counts())

    def _read_counts(self):
        """Return how many were taken without gaps, and how many from the sequence.

        Both, because a scheme may change from one way to the other.
        """
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                "SELECT counter.taken, CASE WHEN drawn.is_called "
                "THEN drawn.last_value + 1 ELSE 0 END "
                "FROM serial_counter counter, %s drawn WHERE counter.id = %s",
                SQL.identifier(_SEQUENCE % self.id),
                self.id,
            )
        )
        return rows[0]

    @api.model
    def _count_alike(self, key):
        """Return how many drawn numbers of other looks a product has, as far as they
        can be expected among those that a series makes.

        Somebody who makes up a number of twelve digits hits those that a scheme of
        digits drew, and a few of a scheme of digits and letters, too. One query, of
        the counts alone.

        :param key: column name to value, of the series whose numbers are made up.
        """
        if key["scheme_id"]:
            return 0
        rows = self.env.execute_query(
            SQL(
                "SELECT series, taken + COALESCE(pg_sequence_last_value("
                "format(%(sequence)s, id)::regclass) + 1, 0) FROM serial_counter "
                "WHERE scheme_id IS NULL AND product_id = %(product)s "
                "AND series IS NOT NULL AND series <> %(series)s",
                sequence=_SEQUENCE,
                product=key["product_id"],
                series=key["series"],
            )
        )
        return math.ceil(
            sum(
                taken * numbering.overlap(key["series"], series)
                for series, taken in rows
            )
        )

    def _take(self, count, *, gap_free):
        """Take ``count`` numbers; return their places in the count, 0-based, rising.

        Gap-free, this waits for whoever is taking at this moment and keeps others
        waiting until the commit.
        """
        self.ensure_one()
        if gap_free:
            self.env.cr.execute(
                "UPDATE serial_counter SET taken = taken + %s WHERE id = %s",
                [count, self.id],
            )
            last = self._get_taken()
            return range(last - count, last)
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                _SEQUENCE % self.id,
                count,
            )
        )
        counted, _drawn = self._read_counts()
        return [counted + row[0] for row in rows]
