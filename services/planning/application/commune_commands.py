"""What a province decides about its communes: register, establish, merge, divide, rename, move.

Each change is committed by itself, under the lock of communes; the same command again changes nothing.
"""

from fractions import Fraction

from services.planning.application import Planning, entries_of
from services.planning.application.changed import Changed
from services.planning.application.succession import established_id
from services.planning.domain.communes.rules import share_in
from services.planning.domain.refusal import Refusal, RequestRefused
from shared.contracts.planning import (
    DivideCommune,
    DividedPart,
    EstablishCommune,
    MergeCommune,
    MoveCommune,
    RegisterCommunes,
    RenameCommune,
)
from shared.grants import Actor
from shared.messaging.following.grants import PROVINCE


def register_communes(planning: Planning, scope: str, content: RegisterCommunes, by: Actor | None) -> Changed:
    """`result`: how many communes are new, and how many predecessors."""
    province = scope.removeprefix(PROVINCE)
    entries = entries_of(province, content.codes)
    new = planning.register_communes(province, content.codes, by)
    former = planning.succession.register_predecessors(province, by) if content.with_predecessors else 0
    event = planning.last_event_of_commune(entries[-1].code)
    return Changed(new + former, len(entries) - new, event, (new, former))


def establish_commune(planning: Planning, scope: str, content: EstablishCommune, by: Actor | None) -> Changed:
    day = content.in_force_from
    done = planning.succession.establish(content.code, content.name, scope.removeprefix(PROVINCE), day, by)
    return _changed(planning, established_id(content.code, day), done)


def merge_commune(planning: Planning, scope: str, content: MergeCommune, by: Actor | None) -> Changed:
    done = planning.succession.merge(scope, content.into, content.in_force_from, content.source, by)
    return _changed(planning, scope, done)


def divide_commune(planning: Planning, scope: str, content: DivideCommune, by: Actor | None) -> Changed:
    parts = [(part.commune, _share(part)) for part in content.into]
    return _changed(
        planning, scope, planning.succession.divide(scope, parts, content.in_force_from, content.source, by)
    )


def rename_commune(planning: Planning, scope: str, content: RenameCommune, by: Actor | None) -> Changed:
    done = planning.succession.rename(scope, content.name, content.code, content.in_force_from, content.source, by)
    return _changed(planning, scope, done)


def move_commune(planning: Planning, scope: str, content: MoveCommune, by: Actor | None) -> Changed:
    done = planning.succession.move(scope, content.province, content.code, content.in_force_from, content.source, by)
    return _changed(planning, scope, done)


def _changed(planning: Planning, commune: str, done: bool) -> Changed:
    return Changed(int(done), int(not done), planning.last_event_of_commune(commune))


def _share(part: DividedPart) -> Fraction | None:
    if part.share is None:
        return None
    share = share_in(part.share)
    if share is None:
        raise RequestRefused(Refusal("share", f"“{part.share}” không phải là tỷ lệ; hãy viết như 2/5, 0.4 hoặc 40%."))
    return share
