"""The whole system on one machine: real servers from their wheels, and each service as a process beside them."""
