{
    "name": "Serial Traceability: Point of Sale",
    "summary": "The till sells no unit on hold, and lists what it sold all the same",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "serial_traceability contributors",
    "category": "Sales/Point of Sale",
    "depends": [
        "serial_traceability",
        "point_of_sale",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/serial_traceability_pos_rules.xml",
        "views/serial_pos_exception_views.xml",
        "views/pos_order_views.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": [
            "serial_traceability_pos/static/src/**/*",
        ],
        "web.assets_unit_tests": [
            "serial_traceability_pos/static/tests/**/*.test.js",
        ],
    },
    "auto_install": True,
}
