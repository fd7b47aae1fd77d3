from . import test_lock_actions
from . import test_lock_breaking
from . import test_lock_gate
from . import test_lock_reservation
