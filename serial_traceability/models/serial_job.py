import logging
import time

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

_MAX_TRIES = 5


class SerialJob(models.AbstractModel):
    """Work in pieces that are each committed: what a long job inherits.

    Requests are tried again by Odoo where another transaction wrote the same rows;
    scheduled actions are not, so a job does it for each of its pieces.
    """

    _name = "serial.job"
    _description = "Work in Pieces"

    @api.model
    def _try(self, piece):
        """Do ``piece()``, again where another transaction was in its way.

        What was not committed before is lost then, so a piece follows a commit.
        """
        for left in reversed(range(_MAX_TRIES)):
            try:
                piece()
                self.env.flush_all()
                return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                self.env.cr.rollback()
                self.env.transaction.reset()
                if not left:
                    raise
                _logger.info("%s tries a piece of work again: %s", self._name, error)
                time.sleep(0.1 * (_MAX_TRIES - left))
