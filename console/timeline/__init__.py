"""Log and search: what this position may read of the site's log, on its own disk, found fast."""
