"""Which of a service's instances leads, as PostgreSQL's locks show it."""

import psutil
import psycopg


def leader(stack, service):
    """The instance whose connection holds the service's lease."""
    with psycopg.connect(stack.settings().database_url) as connection:
        ports = connection.execute(
            "SELECT client_port FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted"
            " AND classid::bigint = (hashtext(%s)::bigint >> 32) & x'ffffffff'::bigint"
            " AND objid::bigint = hashtext(%s)::bigint & x'ffffffff'::bigint",
            (f"minhbach leads {service}", f"minhbach leads {service}"),
        ).fetchall()
    owned = {port for (port,) in ports}
    for instance in stack.running:
        if instance.service == service and instance.process.poll() is None:
            mine = psutil.Process(instance.process.pid).net_connections("tcp4")
            if owned & {connection.laddr.port for connection in mine}:
                return instance
    return None
