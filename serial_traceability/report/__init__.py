from . import report_serial_history
from . import report_stock_quantity
from . import stock_forecasted
from . import report_serial_recall
