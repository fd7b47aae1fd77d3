from . import test_numbering_api
from . import test_numbering_concurrency
from . import test_numbering_counts
from . import test_numbering_gtins
from . import test_numbering_issue
from . import test_numbering_lifecycle
from . import test_numbering_presets
from . import test_numbering_schemes
