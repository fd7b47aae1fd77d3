from . import test_numbering_lifecycle
