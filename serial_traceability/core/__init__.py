"""Rules that need no database: GS1, EPC, EPCIS and the ledger's forms.

Nothing in here imports Odoo (ruff's TID251 checks it): values in, values out,
time always a parameter.
"""
