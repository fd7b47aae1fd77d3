from . import base_partner_merge_automatic_wizard
from . import serial_correction
from . import serial_gtin_allocation
from . import serial_gtin_allocation_line
from . import serial_scan_import
from . import serial_scan_import_line
