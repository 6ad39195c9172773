"""What axe finds wrong with a page in Chromium."""

from axe_playwright_python.base import AXE_SCRIPT

# A colour is worked out once, and not for each element and all that lies behind it.
COLOURS_ONCE = """(() => {
    const { prototype } = axe.commons.color.Color, parse = prototype.parseString, known = new Map();
    prototype.parseString = function (text) {
        if (known.has(text)) return Object.assign(this, known.get(text));
        parse.call(this, text);
        known.set(text, { r: this.r, g: this.g, b: this.b, alpha: this.alpha });
        return this;
    };
})()"""
# Only violations are described: describing everything that is right takes longer than finding out.
FOUND = "rules => axe.run({...rules, resultTypes: ['violations']}).then(found => found.violations)"


def violations(page, rules=None):
    """A line for each rule that is violated: its name, and the first element that does. `rules` as axe's options.

    A page gets the script once, however often it is looked at.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{AXE_SCRIPT};{COLOURS_ONCE}")
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in page.evaluate(FOUND, rules or {})]
