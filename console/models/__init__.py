"""Qt item models and view-models over the domain and the engine (QtCore only)."""
