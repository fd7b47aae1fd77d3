"""History for the benchmarks, made by SQL: core's own flows would take too long."""


def make_product(env):
    """Return a product tracked by serials."""
    values = {"name": "Phone", "is_storable": True, "tracking": "serial"}
    return env["product.product"].create(values | {"barcode": "09520001100017"})


def make_lots(env, product, prefix, count):
    """Return the ids of new serials of a product."""
    env.cr.execute(
        "INSERT INTO stock_lot (name, product_id, create_date, write_date, "
        "create_uid, write_uid) SELECT %s || to_char(number, 'FM000000'), %s, now(), "
        "now(), 1, 1 FROM generate_series(1, %s) number RETURNING id",
        [prefix, product.id, count],
    )
    return [row[0] for row in env.cr.fetchall()]


def make_done(env, product, lot_ids, operation, source, destination):
    """Return a done transfer of serials and the ids of its lines, of which the ledger
    does not tell yet.
    """
    partner = env["res.partner"].create({"name": f"{operation.code} partner"})
    ends = {"location_id": source.id, "location_dest_id": destination.id}
    move = {"product_id": product.id, "product_uom_qty": len(lot_ids)} | ends
    picking = env["stock.picking"].create(
        {
            "picking_type_id": operation.id,
            "partner_id": partner.id,
            "move_ids": [(0, 0, move)],
            **ends,
        }
    )
    env.flush_all()
    for table, column in (("stock_move", "picking_id"), ("stock_picking", "id")):
        env.cr.execute(
            f"UPDATE {table} SET state = 'done' WHERE {column} = %s", [picking.id]
        )
    return picking, make_lines(env, picking.move_ids.ids * len(lot_ids), lot_ids)


def make_lines(env, move_ids, lot_ids):
    """Return the ids of new done lines, each of one move and one serial."""
    env.cr.execute(
        "INSERT INTO stock_move_line (move_id, picking_id, product_id, product_uom_id, "
        "lot_id, quantity, quantity_product_uom, location_id, location_dest_id, "
        "company_id, state, picked, date) SELECT move.id, move.picking_id, "
        "move.product_id, move.product_uom, pair.lot, 1, 1, move.location_id, "
        "move.location_dest_id, move.company_id, 'done', TRUE, move.date "
        "FROM unnest(%s, %s) pair(move, lot) JOIN stock_move move "
        "ON move.id = pair.move RETURNING id",
        [move_ids, lot_ids],
    )
    env.invalidate_all()
    return [row[0] for row in env.cr.fetchall()]
