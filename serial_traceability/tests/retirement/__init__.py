from . import test_retirement_again
from . import test_retirement_api
from . import test_retirement_rights
from . import test_retirement_units
