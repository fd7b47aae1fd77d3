import json

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_SEAL_FUNCTION = "serial_traceability_refuse_change"


class SerialEventSeal(models.AbstractModel):
    """A table to which rows are only ever added.

    No group has write or delete rights on such a model; besides, its ORM methods
    refuse and a trigger makes PostgreSQL refuse UPDATE, DELETE and TRUNCATE. Rows
    come by :meth:`_insert_rows` alone. A sealed column has no default value: Odoo
    would write it into the rows that are there when an upgrade adds the column.
    """

    _name = "serial.event.seal"
    _description = "Append-only Table"

    def init(self):
        """Make PostgreSQL refuse what would change a written row."""
        if self._abstract:
            return
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger AS $$
                BEGIN
                    RAISE EXCEPTION '%% on %%: the ledger of serials is append-only',
                        TG_OP, TG_TABLE_NAME
                        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
                END $$ LANGUAGE plpgsql
                """,
                function=SQL.identifier(_SEAL_FUNCTION),
            )
        )
        self._seal_table()

    def _seal_table(self):
        """Put the trigger on this model's table.

        ALWAYS: also in a session that plays a replica, which skips plain triggers.
        """
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS %(trigger)s ON %(table)s;
                CREATE TRIGGER %(trigger)s
                    BEFORE UPDATE OR DELETE OR TRUNCATE ON %(table)s
                    FOR EACH STATEMENT EXECUTE FUNCTION %(function)s();
                ALTER TABLE %(table)s ENABLE ALWAYS TRIGGER %(trigger)s
                """,
                table=SQL.identifier(self._table),
                trigger=SQL.identifier(f"{self._table}_append_only"),
                function=SQL.identifier(_SEAL_FUNCTION),
            )
        )

    @api.model
    def _drop_seal(self):
        """Take the triggers off all sealed tables; for uninstalling only."""
        self.env.cr.execute(
            SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(_SEAL_FUNCTION))
        )

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Refuse: rows come from what happens, by :meth:`_insert_rows`."""
        raise UserError(self._append_only_message())

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: a written row never changes."""
        raise UserError(self._append_only_message())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._append_only_message())

    @api.model
    def _append_only_message(self):
        return self.env._(
            "The history of serials is written by what happens to them and never "
            "changes. To correct a mistake, correct the document or the serial: the "
            "correction is added to the history."
        )

    @api.model
    def _insert_rows(self, rows):
        """Insert rows of this model's table in one statement.

        Raw SQL because the ORM's ``create`` costs a unit more than the whole ledger
        may; nothing here depends on the ORM: no defaults, computes or constraints.

        :param rows: list of column name to value; ``id`` in all or in none.
        """
        if not rows:
            return
        columns = SQL(", ").join(
            SQL.identifier(name)
            for name, field in self._fields.items()
            if field.store and field.column_type and (name != "id" or "id" in rows[0])
        )
        shared, rows = _part(rows)
        self.env.cr.execute(
            SQL(
                "INSERT INTO %(table)s (%(columns)s) SELECT %(columns)s "
                "FROM json_populate_recordset("
                "json_populate_record(NULL::%(table)s, %(shared)s), %(rows)s)",
                table=SQL.identifier(self._table),
                columns=columns,
                shared=json.dumps(shared, default=str),
                rows=json.dumps(rows, default=str),
            )
        )


def _part(rows):
    """Return what all of ``rows`` have alike, and each row without it: PostgreSQL
    need not read the name of one product a thousand times.
    """
    shared = {
        column: value
        for column, value in rows[0].items()
        if all(column in row and row[column] == value for row in rows)
    }
    return shared, [
        {column: value for column, value in row.items() if column not in shared}
        for row in rows
    ]
