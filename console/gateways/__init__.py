"""Positions from other worlds: received, judged, and said to the site as a gateway's."""
