"""Debian's Chromium, for the tests in a real browser.

Where its headless shell is installed, that is taken: the same engine without the windows that nobody sees, for two
thirds of the processor time.
"""

import os
import shutil

import pytest

PROGRAM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
START = {"executable_path": PROGRAM, "args": ["--no-sandbox"]}  # for Playwright's `launch…`
PICTURES = os.environ.get("MINHBACH_TEST_PICTURES")  # a folder for pictures of the pages
IN_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(
        PROGRAM is None and os.environ.get("CI") != "true",
        reason="no Chromium here; on Debian: apt-get install chromium-headless-shell",
    ),
]
