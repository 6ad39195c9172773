"""A page by keyboard alone, in a real browser: what Tab reaches, and whether one sees where the focus is."""

# The element that has the focus, or null: its place among all, its text, and what is wrong with it.
FOCUSED = """() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
    const above = document.elementFromPoint(x, y);
    const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return {
        place: [...document.querySelectorAll("*")].indexOf(element),
        text: element.innerText || element.getAttribute("aria-label") || element.labels?.[0]?.innerText || "",
        unseen: !seen, hidden: !above || !(element.contains(above) || above.contains(element)),
        unmarked: style.outlineStyle === "none" && style.boxShadow === "none",
    };
}"""
REACHABLE = """() =>
    [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
    .filter(each => each.tabIndex >= 0 && !each.disabled && each.getClientRects().length
        && !each.closest("details:not([open]) > :not(summary)")).length"""
FAULTS = ("unseen", "hidden", "unmarked")
MOST = 400  # presses


def walk(page):
    """What is wrong on the way by Tab from the top of a page until it is there again."""
    found, places = [], []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None or stop["place"] in places[:1]:
            break
        found += [f"{stop['text']}: {fault}" for fault in FAULTS if stop[fault]]
        found += [f"{stop['text']}: before the one before it"] if places and stop["place"] < places[-1] else []
        places.append(stop["place"])
    reachable = page.evaluate(REACHABLE)
    return found if len(places) == reachable else [*found, f"{len(places)} stops of {reachable}"]


def press(page, text):
    """Opens the link or presses the button with this text."""
    tab_to(page, text)
    page.keyboard.press("Enter")


def tab_to(page, text):
    """Presses Tab until what has this text, label or name has the focus."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop and text in stop["text"]:
            return
    raise AssertionError(f"Tab does not come to {text}")
