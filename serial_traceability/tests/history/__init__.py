from . import test_history_import
from . import test_history_interrupted
