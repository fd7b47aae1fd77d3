from .ledger import *
from .seeing import *
