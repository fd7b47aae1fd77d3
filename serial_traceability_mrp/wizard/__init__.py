from . import mrp_production_serials
from . import serial_assembly_wizard
from . import serial_assembly_wizard_line
