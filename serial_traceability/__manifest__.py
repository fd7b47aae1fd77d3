{
    "name": "Serial Traceability",
    "summary": "GS1 serials with a history that nobody can quietly rewrite",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "serial_traceability contributors",
    "category": "Supply Chain/Inventory",
    "depends": [
        "sale_stock",
        "stock_account",
        "product_expiry",
        "barcodes_gs1_nomenclature",
    ],
    "data": [
        "security/serial_traceability_groups.xml",
        "security/ir.model.access.csv",
        "security/serial_traceability_rules.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "application": True,
    "installable": True,
}
