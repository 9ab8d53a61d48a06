"""Fixtures: a page in Chromium, where `*.rebound.example` are names of this machine."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

_ARGUMENTS = ["--no-sandbox", "--host-resolver-rules=MAP *.rebound.example 127.0.0.1"]


@pytest.fixture(scope="session")
def page() -> Iterator[Page]:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert chromium, "no Chromium on the PATH: install it, such as by `apt-get install chromium`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        yield context.new_page()
        browser.close()
