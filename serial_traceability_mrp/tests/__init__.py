from . import test_mrp_api
from . import test_mrp_blocks
from . import test_mrp_budget
from . import test_mrp_demo
from . import test_mrp_ledger
from . import test_mrp_numbering
from . import test_mrp_rights
from . import test_mrp_stocktake
