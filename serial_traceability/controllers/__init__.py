from . import serial_symbol
from . import serial_trace
