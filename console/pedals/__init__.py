"""Foot pedals, pads, and a key while another window is in front: read by a process of their own."""
