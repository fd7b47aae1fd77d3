from . import test_identifiers_concurrency
from . import test_identifiers_gtin
from . import test_identifiers_migration
from . import test_identifiers_packaging
from . import test_identifiers_prefix
from . import test_identifiers_sscc
