"""Keys that stand once for several tasks: "Thời gian thực hiện các nhiệm vụ trên: …"."""

from dataclasses import replace

from services.planning.documents.blocks.headings import Heading, Keyed


def share_keys(root: Heading) -> None:
    """Gives them, and the keys after them, to the tasks of the same kind above that have none of their own."""
    for heading in root.everything_below():
        at = next((at for at, item in enumerate(heading.items) if isinstance(item, Keyed) and item.shared), None)
        if at is None or heading.parent is None:
            continue
        shared = [item for item in heading.items[at:] if isinstance(item, Keyed)]
        for other in _above(heading, heading.parent):
            has = {_said(key) for key in other.keys}
            other.items += [replace(key) for key in shared if _said(key) not in has]


def _said(key: Keyed) -> str:
    """ "Cơ quan thực hiện" names who leads as "Cơ quan chủ trì" does."""
    return "lead" if key.role == "both" else key.role


def _above(heading: Heading, parent: Heading) -> list[Heading]:
    place = next(at for at, child in enumerate(parent.children) if child is heading)
    return [other for other in parent.children[:place] if other.line.style == heading.line.style]
