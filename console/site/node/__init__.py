"""One node of a site: its nats-server, its process, what runs beside it."""
