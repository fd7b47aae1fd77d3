"""How PostgreSQL keeps the index by which a part of a serial's number is found.

Odoo's index on the names of serials is a trigram index (GIN): each row that is written
has some twenty entries in it. PostgreSQL puts new entries aside and sorts them in when
there are 4 MB of them, which takes the longer, the more serials there are. Whoever
writes many rows lets more be put aside, and has them sorted in at the end.
"""

from odoo.tools import SQL

_PUT_ASIDE = "32MB"


def put_aside(cr):
    """Let PostgreSQL put more aside, until the transaction of ``cr`` ends."""
    cr.execute(SQL("SET LOCAL gin_pending_list_limit = %s", _PUT_ASIDE))


def sort_in(cr):
    """Sort what was put aside into the indexes, so that the next search does not read
    through it.
    """
    cr.execute(
        """
        SELECT gin_clean_pending_list(index.oid)
        FROM pg_index JOIN pg_class index ON index.oid = pg_index.indexrelid
        JOIN pg_am ON pg_am.oid = index.relam
        WHERE pg_index.indrelid = 'stock_lot'::regclass AND pg_am.amname = 'gin'
            -- Only its owner may ask for it; else autovacuum does it later.
            AND pg_has_role(index.relowner, 'USAGE')
        """
    )
