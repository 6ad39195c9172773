"""Storage of events in PostgreSQL: the event store, the base of aggregates, and the lease of the leader."""
