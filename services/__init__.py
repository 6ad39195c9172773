"""The five services, each a process with its own schema, role and event store."""
