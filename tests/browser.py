"""A real browser to look at pages with: Chromium without a window, told what to do over two pipes."""

import json
import os
import select
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_PATIENCE = 120  # seconds for an answer
_COMPLAINTS = (
    "Runtime.consoleAPICalled",
    "Runtime.exceptionThrown",
    "Log.entryAdded",
    "Page.javascriptDialogOpening",
)
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


class Browser:
    """One browser with one page, which is asked in the words of the Chrome DevTools Protocol.

    Attributes:
        complaints: what the page's console and the browser said, each an event of the protocol.
        requests: the addresses that were asked for.
    """

    def __init__(self):
        self.home = tempfile.TemporaryDirectory(prefix="kata-browser-", ignore_cleanup_errors=True)
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
        options += ["--disable-background-networking", f"--user-data-dir={self.home.name}"]
        # The protocol's pipes are the descriptors 3 and 4.
        script = f'exec 3<&{theirs_in} 4>&{theirs_out}; exec "$@"'
        self.process = subprocess.Popen(
            ["bash", "-c", script, "browser", CHROMIUM, *options, "--remote-debugging-pipe", "about:blank"],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self.output, self.input = os.fdopen(ours_out, "wb", 0), os.fdopen(ours_in, "rb")
        self.buffer, self.number, self.session = b"", 0, None
        self.complaints, self.requests, self.events = [], [], []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.session = None
        with suppress(AssertionError, OSError):  # that it has ended already
            self.ask("Browser.close")
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.output.close()
        self.input.close()
        self.home.cleanup()

    def ask(self, method, **params):
        """Send one command; returns its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.output.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                return answer["result"]

    def _read(self):
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.input], [], [], _PATIENCE)
            part = os.read(self.input.fileno(), 2**20) if ready else b""
            assert part, "the browser has ended" if ready else "the browser hangs"
            self.buffer += part
        text, _, self.buffer = self.buffer.partition(b"\0")
        message = json.loads(text)
        self.events.append(message.get("method"))
        if message.get("method") in _COMPLAINTS:
            self.complaints.append(message["params"])
        elif message.get("method") == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])
        return message

    def open(self, path, width=1280, height=900, dark=False, script=True, media=""):
        """Show a file in a window of that size (CSS pixels), in a light or dark scheme, with or without scripts.

        Complaints and requests are counted anew; `media` is "print" for what is printed.
        """
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", media=media, features=[scheme])
        self.ask("Emulation.setScriptExecutionDisabled", value=not script)
        self._go("about:blank")
        self.complaints.clear()
        self.requests.clear()
        self._go(Path(path).resolve().as_uri())

    def _go(self, url):
        self.events.clear()
        found = self.ask("Page.navigate", url=url)
        assert "errorText" not in found, (url, found)
        while "Page.loadEventFired" not in self.events:
            self._read()

    def evaluate(self, expression):
        """The value of a JavaScript expression in the page, or what it promises."""
        found = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def click(self, expression):
        """Click into the middle of an element with the mouse."""
        box = f"(() => {{ const e = {expression}; e.scrollIntoView({{block: 'center', inline: 'center'}}); "
        x, y = self.evaluate(
            box + "const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, key, code):
        """Press a key in the element that has the focus."""
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, text="\r")


def screens(browser, path, texts):
    """Show a page on a wide light screen, then on a narrow dark one; yields on each, for what else there is to see.

    Nothing is wider than the screen, there are more than so many texts, all of them can be read, nobody complains.
    """
    for width, dark in ((1280, False), (390, True)):
        browser.open(path, width, dark=dark)
        assert browser.evaluate(WIDTH) <= width
        seen, bad = browser.evaluate(CONTRAST)
        assert seen > texts
        assert bad == []
        assert browser.complaints == []
        yield width
