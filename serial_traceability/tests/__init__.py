from .demo import *
from .ledger import *
from .seeing import *
from .trace import *
