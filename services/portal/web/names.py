"""The names of the communes and provinces in a visitor's grants; without an answer a page shows their codes."""

import asyncio
from collections.abc import Iterable, Mapping

from starlette.requests import Request

from services.portal.wording import scope_text
from shared.contracts.planning import ListCommunes
from shared.grants import Scope
from shared.messaging.questions.question_client import NotAnswered
from shared.vietnamese import mid_sentence
from shared.web.site import ask
from shared.web.visitor import visitor_of


async def names_in(request: Request, provinces: Iterable[str]) -> Mapping[str, str]:
    """By the id of a commune, and by the code of a province: none of a province for which Planning has no answer."""
    found = await asyncio.gather(*(_names(request, province) for province in dict.fromkeys(provinces)))
    return {place: name for names in found for place, name in names.items()}


async def _names(request: Request, province: str) -> Mapping[str, str]:
    try:
        answer = (await ask(request, ListCommunes(province=province, actor=visitor_of(request).account))).answer
    except NotAnswered:
        return {}
    return {row.commune: row.name for row in answer.communes} | {province: answer.province_name or f"tỉnh {province}"}


def place_name(place: str, names: Mapping[str, str]) -> str:
    """Within a sentence: `xã Tịnh Khê`, or `đơn vị 21211` where the name is not known."""
    return mid_sentence(names[place]) if place in names else f"đơn vị {place}"


def named_scope(scope: Scope, names: Mapping[str, str]) -> str:
    """`Văn phòng, xã Tịnh Khê`."""
    place = scope.commune or scope.province or ""
    if place not in names:
        return scope_text(scope)
    return f"{scope.body}, {place_name(place, names)}" if scope.body else place_name(place, names)
