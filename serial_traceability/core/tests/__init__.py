"""The core's own tests: pytest, without Odoo."""
