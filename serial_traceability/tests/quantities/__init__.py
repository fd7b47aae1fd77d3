from . import test_quantities_forecast
from . import test_quantities_orderpoints
from . import test_quantities_products
from . import test_quantities_promise
from . import test_quantities_quants
