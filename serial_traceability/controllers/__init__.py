from . import portal_recall
from . import serial_block
from . import serial_recall
from . import serial_symbol
from . import serial_trace
