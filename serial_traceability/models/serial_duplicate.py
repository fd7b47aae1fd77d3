import re

import psycopg2
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, ormcache

_GUARD = "stock_lot_serial_unique"
#: PostgreSQL names the new and the existing key, which are the same, in the words of
#: the server's language.
_KEY_OF_DETAIL = re.compile(r"=\((\d+), (.*), (\d+)\).*=\(\1, \2, \3\)", re.DOTALL)


class SerialDuplicate(models.Model):
    """Serials that share product, number and company, and the guard against them.

    A row of this report stands for two or more serials that a database had before the
    addon came. While there is one, PostgreSQL cannot guard uniqueness; once the last
    is gone, an administrator, the next upgrade or the daily job activates the guard.
    """

    _name = "serial.duplicate"
    _description = "Duplicate Serials"
    _auto = False
    _order = "product_id, name"
    _depends = {"stock.lot": ["product_id", "name", "company_id"]}

    name = fields.Char("Serial/Lot", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    lot_count = fields.Integer("Serials", readonly=True)
    lot_ids = fields.Many2many(
        "stock.lot", string="Records", compute="_compute_lot_ids"
    )

    @property
    def _table_query(self):
        return SQL(
            "SELECT min(id) AS id, product_id, name, company_id, "
            "count(*) AS lot_count FROM stock_lot "
            "GROUP BY product_id, name, company_id HAVING count(*) > 1"
        )

    def _compute_lot_ids(self):
        lots = self.env["stock.lot"].search(
            [
                ("product_id", "in", self.product_id.ids),
                ("name", "in", self.mapped("name")),
            ]
        )
        groups = lots.grouped(lambda lot: (lot.product_id, lot.name, lot.company_id))
        for row in self:
            key = (row.product_id, row.name, row.company_id)
            row.lot_ids = groups.get(key, lots.browse())

    # ---- Actions ----

    def action_open_serials(self):
        """Open the serials that share one number."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Serials numbered %(serial)s", serial=self.name),
            "res_model": "stock.lot",
            "view_mode": "list,form",
            "domain": [("id", "in", self.lot_ids.ids)],
            "context": {"create": False},
        }

    def action_activate_guard(self):
        """Let PostgreSQL guard uniqueness from now on, whatever rows are chosen.

        :raises AccessError: where the user is not an administrator.
        :raises UserError: where duplicates are left.
        """
        if not self.env.user.has_group(
            "serial_traceability.group_serial_administrator"
        ):
            raise AccessError(
                self.env._(
                    "Only an administrator of Serial Traceability may activate the "
                    "guard against duplicate serials."
                )
            )
        if not self._add_guard():
            raise UserError(
                self.env._(
                    "Numbers that still stand for more than one serial: %(count)s. "
                    "Rename or delete the wrong ones, then activate the guard.",
                    count=self._count_duplicates(),
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Serials are now guarded against duplicates."),
            },
        }

    @api.model
    def _cron_activate_guard(self):
        """Activate the guard as soon as it can stand, then retire."""
        if self._add_guard():
            self.env["ir.cron"]._commit_progress(1, remaining=0, deactivate=True)

    # ---- The guard ----

    @api.model
    def _add_guard(self):
        """Make PostgreSQL refuse a second serial of one product, number and company.

        Deferred, so that core's own readable check comes first, and an exclusion
        constraint, because a unique constraint takes no expression and counts two
        empty companies as different.

        :return: whether the guard stands.
        """
        self.env.registry.clear_cache()
        if self._has_guard():
            return True
        if self._count_duplicates():
            return False
        self.env.cr.execute(
            SQL(
                "ALTER TABLE stock_lot ADD CONSTRAINT %s EXCLUDE USING btree ("
                "product_id WITH =, name WITH =, COALESCE(company_id, 0) WITH =) "
                "DEFERRABLE INITIALLY DEFERRED",
                SQL.identifier(_GUARD),
            )
        )
        self.env.registry.clear_cache()
        return True

    @api.model
    @ormcache()
    def _has_guard(self):
        self.env.cr.execute(
            SQL("SELECT 1 FROM pg_constraint WHERE conname = %s", _GUARD)
        )
        return bool(self.env.cr.rowcount)

    @api.model
    def _check_guard(self):
        """Let PostgreSQL check the guard now.

        Only now: at the commit, where a deferred constraint speaks by itself, nobody
        would translate its words. A transaction that is creating the same serial at
        this moment is waited for.
        """
        if self._has_guard():
            guard = SQL.identifier(_GUARD)
            self.env["stock.lot"].flush_model(["name", "product_id", "company_id"])
            self.env.cr.execute(SQL("SET CONSTRAINTS %s IMMEDIATE", guard))
            self.env.cr.execute(SQL("SET CONSTRAINTS %s DEFERRED", guard))

    @api.model
    def _check_guard_before_commit(self):
        """Have the guard checked at the end of the request, once."""
        precommit = self.env.cr.precommit
        if _GUARD not in precommit.data:
            precommit.data[_GUARD] = True
            precommit.add(self._check_guard)

    @api.model
    def _drop_guard(self):
        self.env.cr.execute(
            SQL(
                "ALTER TABLE stock_lot DROP CONSTRAINT IF EXISTS %s",
                SQL.identifier(_GUARD),
            )
        )
        self.env.registry.clear_cache()

    @api.model
    def _count_duplicates(self):
        """Return how many numbers stand for more than one serial, in any company."""
        self.env["stock.lot"].flush_model(["product_id", "name", "company_id"])
        query = SQL("SELECT count(*) FROM (%s) AS duplicates", self._table_query)
        return self.env.execute_query(query)[0][0]

    @api.model
    def _get_guard_message(self, exc):
        """Return what to tell the user where the guard refused, else None.

        :param exc: the error that PostgreSQL raised.
        """
        if not (
            isinstance(exc, psycopg2.errors.ExclusionViolation)
            and exc.diag.constraint_name == _GUARD
        ):
            return None
        key = _KEY_OF_DETAIL.search(exc.diag.message_detail or "")
        # Stands in for the right to read the product whose serial the user entered.
        product = self.env["product.product"].sudo()
        return self.env._(
            "Serial %(serial)s of %(product)s already exists: somebody else entered "
            "it at the same moment. Check the number on the unit and try again.",
            serial=key.group(2) if key else "",
            product=product.browse(int(key.group(1))).display_name if key else "",
        )
