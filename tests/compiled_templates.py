"""Compiles the templates of pages, mails and reports: what is forked from the process that imports this has them."""

from pathlib import Path

from services.notifications.mail import letters
from services.portal.web import pages
from services.reporting.rendering import templating
from shared.web import page_files, site

PARTS = (pages.PLANNING, pages.INDICATORS, pages.REPORTING)
FOLDERS = ("shared", site.HERE), ("portal", Path(pages.__file__).parent), *((part.name, part.folder) for part in PARTS)

for environment in (page_files.files_of(FOLDERS)[1], letters._environment(), templating._environment()):
    for name in environment.list_templates():
        environment.get_template(name)
