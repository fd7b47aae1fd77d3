import time

from odoo import api, models
from odoo.tools import SQL

from ..core.recall import percent


class SerialRecallExercise(models.AbstractModel):
    """Runs mock recalls: finds all units and who has them, and whence they came, and
    measures how long that takes. Holds nothing, tells nobody.
    """

    _name = "serial.recall.exercise"
    _description = "Mock Recalls"

    @api.model
    def _run(self, recall):
        """Run a mock recall and keep its figures.

        :return: the ``serial.recall.run``.
        """
        # Stands in for writing units and figures, which only the run does.
        self = self.sudo()
        began = time.monotonic()
        self.env["serial.recall.impact"]._enter(recall)
        forwards = self._count_forwards(recall)
        reached = time.monotonic()
        backwards = self._count_backwards(recall)
        ended = time.monotonic()
        run = self.env["serial.recall.run"].create(
            {
                "recall_id": recall.id,
                "kind": "mock",
                "forward_seconds": reached - began,
                "backward_seconds": ended - reached,
                **forwards,
                **backwards,
            }
        )
        run._note({"state": "done"})
        recall._note({"locked_time": False})
        recall.message_post(body=self._get_message(run))
        return run

    @api.model
    def _get_message(self, run):
        return self.env._(
            "Mock recall: %(found)s of %(units)s units found (%(percent)s %%) at "
            "%(holders)s holders in %(forward)s seconds, %(traced)s traced back to "
            "%(sources)s sources in %(backward)s seconds.",
            found=run.found_count,
            units=run.unit_count,
            percent=round(percent(run.found_count, run.unit_count), 1),
            holders=run.holder_count,
            forward=round(run.forward_seconds, 2),
            traced=run.traced_count,
            sources=run.source_count,
            backward=round(run.backward_seconds, 2),
        )

    @api.model
    def _count_forwards(self, recall):
        """Return how many units there are, of how many is known where they are, and
        how many have them.
        """
        [row] = self.env.execute_query(
            SQL(
                "SELECT COALESCE(sum(quantity), 0), COALESCE(sum(quantity) "
                "FILTER (WHERE place <> 'unknown'), 0), count(DISTINCT partner_id) "
                "FROM serial_recall_unit WHERE recall_id = %s",
                recall.id,
            )
        )
        return {
            "unit_count": round(row[0]),
            "found_count": round(row[1]),
            "holder_count": row[2],
        }

    @api.model
    def _count_backwards(self, recall):
        """Return of how many units is known whence they came, and from how many
        receipts and productions: those that first brought them in.
        """
        [row] = self.env.execute_query(
            SQL(
                """
                WITH lots AS (
                    SELECT lot_id, sum(quantity) AS quantity FROM serial_recall_unit
                    WHERE recall_id = %s GROUP BY 1
                ), sources AS (
                    SELECT DISTINCT ON (lots.lot_id) lots.lot_id, lots.quantity,
                        COALESCE(ml.picking_id::text, move.reference, move.id::text)
                            AS source
                    FROM lots
                    JOIN stock_move_line ml ON ml.lot_id = lots.lot_id
                        AND ml.state = 'done' AND ml.quantity > 0
                    JOIN stock_move move ON move.id = ml.move_id
                    JOIN stock_location place ON place.id = ml.location_id
                    WHERE place.usage IN ('supplier', 'production')
                    ORDER BY lots.lot_id, move.date, ml.id
                )
                SELECT COALESCE(sum(quantity), 0), count(DISTINCT source) FROM sources
                """,
                recall.id,
            )
        )
        return {"traced_count": round(row[0]), "source_count": row[1]}
