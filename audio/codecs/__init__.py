"""One file per codec; :mod:`audio.codecs.table` says which stream gets which."""
