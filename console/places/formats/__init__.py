"""Kartverket's files, read row by row: place names as GML, GeoJSON or CSV, addresses as CSV."""
