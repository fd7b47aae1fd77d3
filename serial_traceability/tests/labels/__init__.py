from . import test_labels_layouts
from . import test_labels_numbers
from . import test_labels_odoo_entry
from . import test_labels_packages
from . import test_labels_printing
from . import test_labels_report
from . import test_labels_rights
from . import test_labels_symbol_route
