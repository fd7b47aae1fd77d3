{
    "name": "Serial Traceability: Manufacturing",
    "summary": "Manufacturing orders number what they make and know its components",
    "version": "19.0.1.1.0",
    "license": "LGPL-3",
    "author": "serial_traceability contributors",
    "category": "Supply Chain/Manufacturing",
    "depends": [
        "serial_traceability",
        "mrp",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/serial_traceability_mrp_rules.xml",
        "views/serial_block_views.xml",
        "views/serial_number_views.xml",
        "views/serial_component_views.xml",
        "views/stock_lot_views.xml",
        "wizard/mrp_production_serials_views.xml",
        "wizard/serial_assembly_wizard_views.xml",
        "views/mrp_production_views.xml",
    ],
    "demo": [
        "demo/mrp_production_demo.xml",
        "demo/serial_component_demo.xml",
    ],
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
