from odoo import api, models


class SerialRecallLocker(models.AbstractModel):
    """Holds what recalls are about: at stop-ship, and whenever more comes.

    Callers check the user's right to the step.
    """

    _name = "serial.recall.locker"
    _description = "Holding of Recalled Units"

    @api.model
    def _begin(self, recall):
        """Hold all units of a recall; of a mock recall, only find them."""
