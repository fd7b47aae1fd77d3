from . import test_notices_sending
