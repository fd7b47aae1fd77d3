from .ledger import *
