"""Debian's Chromium, as every browser test starts it."""

import shutil

import pytest

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable() -> str:
    """Find the browser, or skip the test with a line that says what to do."""
    found = shutil.which("chromium")
    if not found:
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    return found
