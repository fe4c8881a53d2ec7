"""`kata open`: where the page is served, and how a browser gets there."""

import hmac
import json
import os
import secrets
import signal
import socket
import sys
import urllib.request
import webbrowser
from contextlib import suppress
from http.client import HTTPException

from kata import state
from kata.syllabus import ROOT

ADDRESS = "127.0.0.1"
_KNOWN = "page"  # {"port", "token"} of the last one, so that a tab that is still open finds the next one
_SHORT = 1000  # bytes of an answer to that
_PATIENCE = 2  # seconds for a page that is there already to say so
# Where the browser is on another machine, its host reaches this one through a proxy of that name.
_PROXIES = {"CODESPACES": ".app.github.dev", "COLAB_RELEASE_TAG": ".googleusercontent.com"}


def open_page(port: int | None = None, browser: bool = True) -> None:
    """Serve the page until Ctrl-C or SIGTERM, and open it in a browser.

    Args:
        port: where; default: where it was the last time, or any that is free.
        browser: whether to open it; its address is printed in any case.

    Raises:
        LookupError: a package is missing, or the port is taken; the message says what to do.
    """
    try:
        import mistune  # noqa: F401
        import pygments  # noqa: F401
        import tornado  # noqa: F401
    except ModuleNotFoundError as error:
        raise LookupError(f"the page needs the package {error.name}: pip install -e .") from None
    from kata.home.server import serve

    known = state.load(_KNOWN)
    if port in (None, known.get("port")) and (address := _of_a_page_that_is_there(known)):
        print(f"The page is open already: {address}")
        _show(address, browser)
        return
    listening = _listen(port, known.get("port"))
    found = listening.getsockname()[1]
    token = known["token"] if isinstance(known.get("token"), str) else secrets.token_urlsafe(32)
    # On a machine with others, the token is the learner's alone.
    state.save(_KNOWN, {"port": found, "token": token}, private=True)
    address = f"http://{ADDRESS}:{found}/?token={token}"
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    hosts = [ADDRESS, "localhost", *(name for variable, name in _PROXIES.items() if variable in os.environ)]
    with suppress(KeyboardInterrupt):
        serve(listening, token, hosts, lambda: _tell(address, found, browser))
    print()


def proof(token: str, port: int, question: str) -> str:
    """What only the page of this checkout at a port, which knows its token, can answer to a question."""
    asked = f"{port} {ROOT} {question}".encode(errors="surrogateescape")
    return hmac.new(token.encode(), asked, "sha256").hexdigest()


def _of_a_page_that_is_there(known: dict[str, object]) -> str | None:
    """The address of a page of this checkout that answers; None where none does."""
    port, token = known.get("port"), known.get("token")
    if not isinstance(port, int) or not isinstance(token, str):
        return None
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy has nothing to do with this
    # Somebody else's program may listen there now: it has to show that it knows the token, which it is not told.
    question = secrets.token_hex(16)
    try:
        with direct.open(f"http://{ADDRESS}:{port}/alive?question={question}", timeout=_PATIENCE) as reply:
            same = json.loads(reply.read(_SHORT)) == {"kata": proof(token, port, question)}
    except (OSError, ValueError, HTTPException):
        return None
    return f"http://{ADDRESS}:{port}/?token={token}" if same else None


def _listen(port: int | None, before: object) -> socket.socket:
    wanted = [port] if port is not None else [before if isinstance(before, int) else 0, 0]
    for each in wanted:
        listening = socket.socket()
        try:
            if sys.platform != "win32":  # where it would share the port with another program
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((ADDRESS, each))
            listening.listen(128)
            listening.setblocking(False)
            return listening
        except (OSError, OverflowError):
            listening.close()
    raise LookupError(f"port {port} cannot be had: name another one with --port, or leave it out")


def _tell(address: str, port: int, browser: bool) -> None:
    print(f"The page: {address}")
    if "COLAB_RELEASE_TAG" in os.environ:
        path = address.partition(str(port))[2]
        print(f"In Colab, a cell shows it: google.colab.output.serve_kernel_port_as_window({port}, path={path!r})")
    elif os.path.exists("/.dockerenv") or "REMOTE_CONTAINERS" in os.environ:
        print(f"In a container: it is reached where port {port} is forwarded. VS Code does that by itself.")
    print("It follows your saves and serves nothing but the exercises, to this machine. Ctrl-C ends it.", flush=True)
    _show(address, browser)


def _show(address: str, browser: bool) -> None:
    if not browser:
        return
    # Without a screen, Python would start a browser for terminals in the middle of ours.
    has_screen = sys.platform in ("win32", "darwin") or os.environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"}
    shown = False
    if has_screen:
        with suppress(webbrowser.Error, OSError):
            shown = webbrowser.open(address)
    if not shown:
        print("No browser could be opened: open this address in one.", flush=True)
