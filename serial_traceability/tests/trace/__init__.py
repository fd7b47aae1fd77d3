from . import test_trace_access
from . import test_trace_export
from . import test_trace_flows
from . import test_trace_queries
from . import test_trace_screen
