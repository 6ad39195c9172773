"""The templates and static files of the parts of the site, read and compiled once in a process."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from shared.vietnamese import date_text, mid_sentence, moment_text, number, percent, person_text
from shared.web.static_files import StaticFiles


@cache
def files_of(folders: tuple[tuple[str, Path], ...]) -> tuple[StaticFiles, Environment]:
    """`folders` are the parts with their names. Compiling a template takes longer than rendering most pages."""
    static = StaticFiles({name: folder / "static" for name, folder in folders})
    templates = Environment(
        loader=PrefixLoader({name: FileSystemLoader(folder / "templates") for name, folder in folders}),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    templates.globals["static"] = static.address
    templates.filters |= {
        "day": date_text,
        "moment": moment_text,
        "number": number,
        "percent": percent,
        "person": person_text,
        "within": mid_sentence,
        "at_start": lambda text: text[:1].upper() + text[1:],
    }
    return static, templates
