from . import test_lock_gate
from . import test_lock_reservation
