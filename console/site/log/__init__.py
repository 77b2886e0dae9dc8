"""The event log: what an event is on the wire, the outbox, the reader, the link."""
