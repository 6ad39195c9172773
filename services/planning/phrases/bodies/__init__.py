"""Reads which bodies lead and which support from the text of a plan, and compares names of bodies.

A text is read in three stages: elements (gaps, heads of names, roles, actions), names with their boundaries, roles. To
add a word, add it to vocabulary.py and to the examples in tests/planning/phrases/test_bodies.py.
"""

from services.planning.phrases.bodies.body_names import (
    begins_with_a_body,
    begins_with_the_body,
    is_generic,
    is_outside_commune,
    same_body,
)
from services.planning.phrases.bodies.known_names import end_of_known_bodies
from services.planning.phrases.bodies.roles import Bodies, BodiesRole
from services.planning.phrases.bodies.text_to_bodies import read_bodies

__all__ = [
    "Bodies",
    "BodiesRole",
    "begins_with_a_body",
    "begins_with_the_body",
    "end_of_known_bodies",
    "is_generic",
    "is_outside_commune",
    "read_bodies",
    "same_body",
]
