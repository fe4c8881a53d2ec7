"""A real browser to look at pages with: the Chromium that is installed, without a window, driven by Playwright."""

import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_OPTIONS = (
    "--no-sandbox",  # root has none
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE = 120_000  # milliseconds for an answer
WIDTH = "document.documentElement.scrollWidth"
# Every text that is seen has a contrast of 4.5 to what it stands on (WCAG 2.2, 1.4.3): returns those that do not.
CONTRAST = """(() => {
  const luminance = (color) => {
    const linear = color.match(/[\\d.]+/g).slice(0, 3).map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const color = getComputedStyle(element).backgroundColor;
      if (color !== "rgba(0, 0, 0, 0)") return color;
    }
    return "rgb(255, 255, 255)";
  };
  const bad = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    seen += 1;
    const style = getComputedStyle(element);
    const color = element.tagName === "text" ? style.fill : style.color;
    const pair = [luminance(color), luminance(behind(element))].sort((a, b) => b - a);
    if ((pair[0] + 0.05) / (pair[1] + 0.05) < 4.5) bad.add(`${element.tagName} ${element.className} ${color}`);
  }
  return [seen, [...bad]];
})()"""
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@contextmanager
def chromium():
    """Yields Playwright's Browser."""
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=CHROMIUM, args=_OPTIONS) as one:
        yield one


@contextmanager
def opened(browser, path, width=1280, dark=False, script=True, media="screen"):
    """Show a file in a window of that width (CSS pixels), in a light or dark scheme, with or without scripts.

    Yields Playwright's Page, with two lists more: `complaints`, what the page's console and the browser said of it,
    and `requests`, the addresses that were asked for. `media` is "print" for what is printed.
    """
    with browser.new_context(
        viewport={"width": width, "height": 900},
        is_mobile=width < 600,
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
    ) as context:
        context.set_default_timeout(_PATIENCE)
        page = context.new_page()
        page.complaints, page.requests = [], []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (page.complaints.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: page.requests.append(request.url))
        page.emulate_media(media=media)
        page.goto(Path(path).resolve().as_uri())
        yield page


def screens(browser, path, texts):
    """Show a page on a wide light screen, then on a narrow dark one; yields each Page, for what else there is to see.

    Nothing is wider than the screen, there are more than so many texts, all of them can be read, nobody complains.
    """
    for width, dark in ((1280, False), (390, True)):
        with opened(browser, path, width, dark) as page:
            assert page.evaluate(WIDTH) <= width
            seen, bad = page.evaluate(CONTRAST)
            assert seen > texts
            assert bad == []
            assert page.complaints == []
            yield page
