from . import pos_order
from . import pos_order_line
from . import serial_movement
from . import serial_pos_exception
from . import stock_move
from . import stock_picking
