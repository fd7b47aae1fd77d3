from . import test_guard_api
from . import test_guard_concurrency
from . import test_guard_corrections
from . import test_guard_deletion
from . import test_guard_duplicates
from . import test_guard_past
from . import test_guard_uniqueness
