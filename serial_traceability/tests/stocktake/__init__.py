from . import test_stocktake_api
from . import test_stocktake_collecting
from . import test_stocktake_concurrency
from . import test_stocktake_issuing
from . import test_stocktake_queries
from . import test_stocktake_rights
from . import test_stocktake_switch
from . import test_stocktake_transfers
