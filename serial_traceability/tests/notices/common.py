from unittest.mock import patch

from odoo.tests import new_test_user
from odoo.tools import mute_logger

from ..common import SerialCase


class NoticeCase(SerialCase):
    """A recall that runs: six phones at a customer with two branches, one at a customer
    with an address alone, one at a customer with neither.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"email": "buyer@example.com", "lang": "en_US"})
        cls.branch = cls.env["res.partner"].create(
            {
                "name": "Buyer's Branch",
                "parent_id": cls.customer.id,
                "type": "delivery",
                "email": "branch@example.com",
            }
        )
        cls.by_letter = cls.env["res.partner"].create(
            {"name": "Paper Ltd", "street": "1 Old Road", "city": "Ghent"}
        )
        cls.nobody = cls.env["res.partner"].create({"name": "Walk-in"})
        cls.phones = cls.receive(cls.phone, [f"P{n}" for n in range(1, 9)])
        cls.deliver(cls.phones[:3])
        cls.delivery = cls.deliver(cls.phones[3:6], partner=cls.branch)
        cls.deliver(cls.phones[6], partner=cls.by_letter)
        cls.deliver(cls.phones[7], partner=cls.nobody)
        cls.recall = cls._create_recall()
        cls.units = cls.add_units(cls.phones[:3], cls.customer)
        cls.units |= cls.add_units(cls.phones[3:6], cls.branch)
        cls.units |= cls.add_units(cls.phones[6], cls.by_letter)
        cls.units |= cls.add_units(cls.phones[7], cls.nobody)
        cls.second_manager = new_test_user(
            cls.env,
            login="serial_second_manager",
            groups="serial_traceability.group_serial_quality_manager",
        )
        cls.notifier = cls.env["serial.recall.notifier"]

    @classmethod
    def _create_recall(cls, state="recalling", **values):
        recall = cls.env["serial.recall"].create(
            {
                "title": "Overheating battery",
                "hazard": "The battery may catch fire.",
                "instruction": "Switch it off.",
                "user_id": cls.quality_manager.id,
                **values,
            }
        )
        recall._note({"state": state, "name": "RC/1"})
        return recall

    @classmethod
    def add_units(cls, lots, partner, recall=None, place="delivered", quantity=1):
        """Return new units of a recall, as finding them enters them."""
        recall = recall or cls.recall
        return cls.env["serial.recall.unit"].create(
            [
                {
                    "recall_id": recall.id,
                    "lot_id": lot.id,
                    "product_id": lot.product_id.id,
                    "quantity": quantity,
                    "place": place,
                    "position": f"{place} {partner.id if partner else 0}",
                    "partner_id": partner.id if partner else False,
                    "company_id": recall.company_id.id,
                }
                for lot in lots
            ]
        )

    @classmethod
    def prepare(cls, recall=None):
        """Make the notices of a recall; return them all."""
        recall = recall or cls.recall
        cls.notifier._prepare(recall)
        return recall.notice_ids

    @classmethod
    def hand_over(cls):
        """Queue all mails that are due; return those that are new."""
        mails = cls.env["mail.mail"]
        while mailings := cls.notifier._hand_over():
            mails |= mailings.mail_id
        return mails

    def get_notice(self, partner):
        return self.recall.notice_ids.filtered(lambda row: row.partner_id == partner)

    def send(self, mails, error=None):
        """Have the mail server take mails, or refuse them with an error."""
        server = type(self.env["ir.mail_server"])
        with (
            patch.object(server, "_disable_send", return_value=False),
            patch.object(server, "_connect__", return_value=None),
            patch.object(
                server, "send_email", return_value="<1@example.com>", side_effect=error
            ),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            mails.send()

    def fail_mail(self, mails):
        """Have the mail server refuse mails."""
        self.send(mails, error=OSError("mailbox full"))
