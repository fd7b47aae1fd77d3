from . import test_seeing_timeline
