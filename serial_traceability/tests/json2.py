from odoo import fields


class Json2Mixin:
    """Calls public methods over JSON-2, as any user with a key can."""

    def call(self, user, records, method, **arguments):
        """Return the answer to ``method`` of ``records``, called as ``user``."""
        keys = self.env["res.users.apikeys"].with_user(user)
        expires = fields.Datetime.add(fields.Datetime.now(), days=1)
        key = keys._generate("rpc", "test", expires)
        return self.url_open(
            f"/json/2/{records._name}/{method}",
            json={"ids": records.ids, **arguments},
            headers={"Authorization": f"Bearer {key}"},
        )
