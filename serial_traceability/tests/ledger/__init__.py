from . import test_ledger_budget
from . import test_ledger_dates
from . import test_ledger_measures
from . import test_ledger_movements
from . import test_ledger_packages
from . import test_ledger_corrections
from . import test_ledger_queries
from . import test_ledger_seal
