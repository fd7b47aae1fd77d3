from . import test_seeing_companies
from . import test_seeing_correction
from . import test_seeing_custodian
from . import test_seeing_report
from . import test_seeing_rights
from . import test_seeing_search
from . import test_seeing_timeline
