{
    "name": "Serial Traceability: Purchase",
    "summary": "The supplier announces serials with the purchase order",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "serial_traceability contributors",
    "category": "Supply Chain/Inventory",
    "depends": [
        "serial_traceability",
        "purchase_stock",
    ],
    "data": [
        "security/ir.model.access.csv",
        "views/purchase_order_views.xml",
        "views/serial_announced_views.xml",
    ],
    "demo": [
        "demo/purchase_order_demo.xml",
    ],
    "auto_install": True,
}
