from . import test_endurance_batch
from . import test_endurance_core
from . import test_endurance_customer_field
from . import test_endurance_migration
from . import test_endurance_seal
from . import test_endurance_uninstall
from . import test_endurance_upgrade
