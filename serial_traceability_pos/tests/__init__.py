from . import test_pos_exceptions
from . import test_pos_ledger
from . import test_pos_refusals
