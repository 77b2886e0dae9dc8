"""The map: it and the plots are the only ones that import pyqtgraph."""
