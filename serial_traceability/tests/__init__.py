from .demo import *
from .endurance import *
from .guard import *
from .history import *
from .ledger import *
from .scanning import *
from .seeing import *
from .trace import *
