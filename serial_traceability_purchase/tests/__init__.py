from . import test_purchase_announcing
from . import test_purchase_api
from . import test_purchase_receipts
from . import test_purchase_rights
