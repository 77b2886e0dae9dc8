"""The map: drawn by itself, from numpy's arrays (:mod:`widgets.map.arrays`)."""
