from . import test_notices_collecting
from . import test_notices_portal
from . import test_notices_sending
