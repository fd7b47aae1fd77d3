"""Where goods came from and where they went: from ledger rows to a graph."""

from .columns import assign_columns, collapse
from .graph import STAGES, Flow, Graph, Group, Node, build_graph, group_units
from .rows import PARTNERS, Document, Place, Step, TraceEvent, TraceLine, Unit
from .selection import Direction, Subject, select, without_undone
