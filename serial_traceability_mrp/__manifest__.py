{
    "name": "Serial Traceability: Manufacturing",
    "summary": "Manufacturing orders number what they make",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "serial_traceability contributors",
    "category": "Supply Chain/Manufacturing",
    "depends": [
        "serial_traceability",
        "mrp",
    ],
    "data": [
        "security/ir.model.access.csv",
        "views/mrp_production_views.xml",
        "views/serial_block_views.xml",
        "views/serial_number_views.xml",
        "wizard/mrp_production_serials_views.xml",
    ],
    "demo": [
        "demo/mrp_production_demo.xml",
    ],
    "auto_install": True,
}
