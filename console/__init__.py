"""The program: domain, site, streams, exercise, gateways, models and the commands."""
