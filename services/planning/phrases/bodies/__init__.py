"""Which bodies lead and which support, as a plan's text names them, and when two names are one body."""

from services.planning.phrases.bodies.names import begins_with_a_body, is_generic, is_outside_commune, same_body
from services.planning.phrases.bodies.reading import read_bodies
from services.planning.phrases.bodies.roles import Bodies

__all__ = ["Bodies", "begins_with_a_body", "is_generic", "is_outside_commune", "read_bodies", "same_body"]
