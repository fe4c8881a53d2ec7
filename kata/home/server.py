"""The server of the page: who may ask for what. It serves the exercises to this machine, nothing else of the disk.

The address has a token, which becomes a cookie. What changes something is a POST that also shows a key that stands in
the page, so that no other page that the browser has open can send it. The Host header has to be this machine's own
name: otherwise another site, whose name points here, could read what is served (DNS rebinding).

What is not kept from others: a browser sends cookies to all ports of a machine. So another user of it, on whose port
the browser of the learner opens a page, learns the token.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.web import Application, HTTPError, RequestHandler

from kata.home import actions, pages
from kata.home.following import Following
from kata.home.lessons import pictures
from kata.home.opening import proof
from kata.learn import TEMPLATE
from kata.state import folder
from kata.syllabus import find_exercise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
# `kata report` writes a page that holds its own style and pictures.
_POLICY_OF_REPORT = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FILES = {
    "home.css": "text/css",
    "home.js": "text/javascript",
    "colours.css": "text/css",
    "code.css": "text/css",
    "icon.svg": "image/svg+xml",
}
_BEAT = 10.0  # seconds between two signs of life


def serve(listening: socket.socket, token: str, hosts: Sequence[str], ready: Callable[[], object]) -> None:
    """Serve until a KeyboardInterrupt.

    Args:
        listening: the socket; token: what an address has to have.
        hosts: the names that a request may call this machine; one that begins with a dot: all names that end so.
        ready: called when the page can be opened.
    """
    asyncio.run(_serve(listening, token, hosts, ready))


async def _serve(listening: socket.socket, token: str, hosts: Sequence[str], ready: Callable[[], object]) -> None:
    home = Home(token, hosts, listening.getsockname()[1], asyncio.get_running_loop())
    server = HTTPServer(_application(home), max_body_size=10_000)
    server.add_socket(listening)
    # What a browser breaks off is no news for the learner's terminal; an error of ours still is.
    logging.getLogger("tornado.general").setLevel(logging.CRITICAL)
    home.following.start()
    ready()
    try:
        await asyncio.Event().wait()
    finally:
        home.following.end()
        server.stop()


class Home:
    """What all requests share.

    Attributes:
        token, hosts: as of `serve`; port: where; key: what a POST has to show; following: judges saves.
        listeners: an event for each browser that waits for something new.
    """

    def __init__(self, token: str, hosts: Sequence[str], port: int, loop: asyncio.AbstractEventLoop) -> None:
        self.token, self.hosts, self.port, self.key = token, hosts, port, secrets.token_urlsafe(32)
        self.listeners: set[asyncio.Event] = set()
        self.following = Following(lambda: loop.is_closed() or loop.call_soon_threadsafe(self.tell))

    def tell(self) -> None:
        """Tell all browsers that there is something new."""
        for listener in self.listeners:
            listener.set()


class _Handler(RequestHandler):
    needs_token = True

    def initialize(self, home: Home) -> None:
        self.home = home

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        for name, value in {
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
        }.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        name = self.request.host_name.lower()
        if not any(name == host or (host.startswith(".") and name.endswith(host)) for host in self.home.hosts):
            raise HTTPError(403, reason="Wrong host")
        if self.needs_token:
            self._see_the_token()
        if self.request.method not in ("GET", "HEAD") and not _same(
            self.request.headers.get("X-Kata-Key", ""), self.home.key
        ):
            raise HTTPError(403, reason="No key")

    def _see_the_token(self) -> None:
        cookie = f"kata-{self.home.port}"  # cookies know no ports, and each checkout has a page of its own
        given = self.get_query_argument("token", "")
        if _same(given, self.home.token):
            self.set_cookie(cookie, self.home.token, httponly=True, samesite="Strict", path="/")
            if self.request.path == "/":
                self.redirect("/")  # without the token, which nobody needs to see
        elif not _same(self.get_cookie(cookie) or "", self.home.token):
            raise HTTPError(403, reason="No token")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        told = {
            403: "Open the address that kata open has printed: it has a token, which this request does not have.",
            404: "There is no such page: the board has all exercises.",
            405: "That cannot be asked for in this way.",
        }
        text = told.get(status_code, "Something went wrong: the terminal of kata open says what.")
        self.finish(pages.message_page(self._reason, text))


class _Board(_Handler):
    def get(self) -> None:
        self.finish(pages.board_page(self.home.following, self.home.key))


class _Exercise(_Handler):
    def get(self, number: str) -> None:
        try:
            exercise = find_exercise(number)
        except LookupError:
            raise HTTPError(404) from None
        self.finish(pages.exercise_page(exercise, self.home.following, self.home.key))


class _File(_Handler):
    def get(self, name: str) -> None:
        if name not in _FILES:
            raise HTTPError(404)
        self.set_header("Content-Type", f"{_FILES[name]}; charset=utf-8")
        if name == "code.css":
            self.finish(pages.highlight_css())
            return
        place = TEMPLATE if name == "colours.css" else pages.TEMPLATES
        self.finish((place / name).read_bytes())


class _Picture(_Handler):
    def get(self, name: str) -> None:
        path = pictures().get(name)
        if path is None:
            raise HTTPError(404)
        self.set_header("Content-Type", "image/svg+xml")
        # A picture has a style of its own, for light and dark screens.
        self.set_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.finish(path.read_bytes())


class _Report(_Handler):
    def get(self) -> None:
        path = folder() / "report.html"
        if not path.is_file():
            raise HTTPError(404)
        self.set_header("Content-Security-Policy", _POLICY_OF_REPORT)
        self.finish(path.read_bytes())


class _Alive(_Handler):
    """Shows another `kata open` that this is its page, without being told the token: it asks whoever listens here."""

    needs_token = False

    def get(self) -> None:
        question = self.get_query_argument("question", "")[:100]
        self.finish({"kata": proof(self.home.token, self.home.port, question)})


class _Events(_Handler):
    """Server-sent events: one for each time that there is something new (https://html.spec.whatwg.org, 9.2)."""

    async def get(self) -> None:
        self.set_header("Content-Type", "text/event-stream")
        self.listener = asyncio.Event()
        self.home.listeners.add(self.listener)
        self.write("retry: 1000\n\n")
        with suppress(StreamClosedError):  # the browser has left
            await self._tell()
        self.home.listeners.discard(self.listener)

    async def _tell(self) -> None:
        while True:
            await self.flush()
            try:
                await asyncio.wait_for(self.listener.wait(), _BEAT)
                self.write("data: changed\n\n")
            except TimeoutError:
                self.write(": still here\n\n")
            self.listener.clear()


class _Action(_Handler):
    async def post(self, name: str) -> None:
        action = actions.ACTIONS.get(name)
        if action is None:
            raise HTTPError(404)
        arguments = {key: self.get_body_argument(key) for key in self.request.body_arguments}
        loop = asyncio.get_running_loop()
        try:
            # What takes a while must not keep the others waiting.
            told = await loop.run_in_executor(None, lambda: action(**arguments))
        except (LookupError, OSError, TypeError) as error:
            self.set_status(400)
            told = str(error.args[0] if isinstance(error, LookupError) else error)
        self.home.tell()
        self.finish({"told": told})


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _application(home: Home) -> Application:
    shared = {"home": home}
    return Application(
        [
            (r"/", _Board, shared),
            (r"/(\d\d)", _Exercise, shared),
            (r"/static/([\w.]+)", _File, shared),
            (r"/pictures/([\w.]+)", _Picture, shared),
            (r"/report", _Report, shared),
            (r"/alive", _Alive, shared),
            (r"/events", _Events, shared),
            (r"/do/(\w+)", _Action, shared),
        ],
        default_handler_class=_Missing,
        default_handler_args=shared,
        log_function=lambda handler: None,  # the terminal is the learner's
    )


class _Missing(_Handler):
    def prepare(self) -> None:
        super().prepare()
        if not self._finished:
            raise HTTPError(404)
