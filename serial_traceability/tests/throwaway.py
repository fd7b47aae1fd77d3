import contextlib
import threading

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name

_PATIENCE = 60


class ThrowawayCase(BaseCase):
    """Tests that commit what nothing can take back.

    They run in a copy of a database with the addon, which is dropped afterwards, and
    so carry the tags ``-standard`` and ``serial_throwaway``::

        dev/database copy <database> throwaway
        dev/odoo -d throwaway --test-tags serial_throwaway --stop-after-init --no-http
        dev/database drop throwaway

    Each transaction has a cursor of its own, as requests have.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        # Whoever runs the tests holds the lock of the registries all the time, and
        # other threads would wait for it.
        cls.classPatch(Registry, "_lock", DummyRLock())
        with cls.transaction() as env:
            product = env["product.product"].create(
                {"name": "Phone", "is_storable": True, "tracking": "serial"}
            )
            cls.product_id = product.id

    @classmethod
    @contextlib.contextmanager
    def transaction(cls):
        """Provide an environment; commit at the end, roll back on an exception."""
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def request(self, work):
        """Do ``work(env)`` as a request does: translated, and tried again."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return retrying(lambda: work(env), env)

    def start(self, work):
        """Do :meth:`request` in another thread; return what waits for its end.

        :return: function that returns the exception of the work, None for none.
        """
        errors = []

        def run():
            try:
                self.request(work)
            except Exception as error:  # told by the function below
                errors.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()

        def finish():
            thread.join(_PATIENCE)
            self.assertFalse(thread.is_alive(), "The other transaction hangs.")
            return errors[0] if errors else None

        return finish

    def wait_for_blocked(self):
        """Return as soon as one session of this database waits for another one."""
        pause = threading.Event()
        for _attempt in range(_PATIENCE * 20):
            if self.query(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() "
                "AND cardinality(pg_blocking_pids(pid)) > 0"
            ):
                return
            pause.wait(0.05)
        self.fail("No session waits for another one.")

    def query(self, statement, *values):
        """Return the rows of a statement in a transaction of its own."""
        with self.registry.cursor() as cr:
            # The statements are the tests' own.
            cr.execute(statement, values or None)  # pylint: disable=sql-injection
            return cr.fetchall() if cr.description else None

    def terminate(self, pid):
        """Kill a session, as the end of its process does."""
        self.query("SELECT pg_terminate_backend(%s)", pid)

    @contextlib.contextmanager
    def killed(self):
        """Provide an environment whose session is killed at the end."""
        cr = self.registry.cursor()
        env = api.Environment(cr, SUPERUSER_ID, {})
        yield env
        env.flush_all()
        cr.execute("SELECT pg_backend_pid()")
        self.terminate(cr.fetchone()[0])
        with contextlib.suppress(psycopg2.Error):
            cr.rollback()
        with contextlib.suppress(psycopg2.Error):
            cr.close()

    def prepare_receipt(self, names, shelf=None):
        """Commit a receipt of new serials, ready to validate; return its id."""
        with self.transaction() as env:
            operation = env["stock.picking.type"].search(
                [("code", "=", "incoming")], limit=1
            )
            source = env.ref("stock.stock_location_suppliers")
            target = operation.default_location_dest_id
            if shelf:
                target = target.create({"name": shelf, "location_id": target.id})
            places = {"location_id": source.id, "location_dest_id": target.id}
            picking = env["stock.picking"].create(
                {
                    "picking_type_id": operation.id,
                    **places,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.product_id,
                                "product_uom_qty": len(names),
                                **places,
                            }
                        )
                    ],
                }
            )
            picking.action_confirm()
            picking.move_ids.move_line_ids.unlink()
            picking.move_ids.move_line_ids = [
                Command.create(
                    {
                        "product_id": self.product_id,
                        "lot_name": name,
                        "quantity": 1,
                        "picking_id": picking.id,
                        **places,
                    }
                )
                for name in names
            ]
            picking.move_ids.picked = True
            return picking.id

    def validate(self, env, picking_id):
        env["stock.picking"].browse(picking_id).button_validate()
        env.flush_all()
