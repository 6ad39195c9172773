"""What axe finds wrong with a page in Chromium."""

from axe_playwright_python.base import AXE_SCRIPT

# Only violations are described: describing everything that is right takes longer than finding out.
FOUND = "rules => axe.run({...rules, resultTypes: ['violations']}).then(found => found.violations)"


def violations(page, rules=None):
    """A line for each rule that is violated: its name, and the first element that does. `rules` as axe's options.

    A page gets the script once, however often it is looked at.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in page.evaluate(FOUND, rules or {})]
