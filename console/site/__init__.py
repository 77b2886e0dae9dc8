"""NATS: the embedded server, the link to it, the event log's streams, the outbox."""
