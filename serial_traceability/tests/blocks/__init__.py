from . import test_blocks_accounting
from . import test_blocks_concurrency
from . import test_blocks_export
from . import test_blocks_receiving
from . import test_blocks_strangers
