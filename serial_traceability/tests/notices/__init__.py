from . import test_notices_closing
from . import test_notices_collecting
from . import test_notices_concurrency
from . import test_notices_portal
from . import test_notices_sending
