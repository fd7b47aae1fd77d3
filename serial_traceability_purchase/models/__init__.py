from . import purchase_order
from . import serial_announced
from . import stock_picking
