from . import test_recall_concurrency
from . import test_recall_impact
from . import test_recall_later
from . import test_recall_live
from . import test_recall_numbers
from . import test_recall_preview
from . import test_recall_scope
from . import test_recall_steps
