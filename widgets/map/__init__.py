"""The map: the only place that imports pyqtgraph."""
