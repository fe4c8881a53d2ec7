"""Who may ask the page for what, and what happens where it cannot be served or opened."""

import hmac
import http.server
import json
import re
import signal
import socket
import sys
import threading
import time

import pytest

from kata import state
from kata.syllabus import ROOT
from tests.served import ask

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals end the server here")


def test_nothing_is_served_without_the_token(served):
    for path in ("/", "/02", "/static/home.css", "/pictures/logits.svg", "/events", "/report", "/nothing"):
        status, _, text = ask(served, path)
        assert status == 403, path
        assert "Open the address that kata open has printed" in text
        assert "integer_encode" not in text
    assert ask(served, "/?token=wrong")[0] == 403


def test_the_token_becomes_a_cookie_that_scripts_cannot_read(served):
    status, headers, _ = ask(served, f"/?token={served.token}")
    assert (status, headers["Location"]) == (302, "/")
    port = served.address.rpartition(":")[2]
    assert re.fullmatch(rf"kata-{port}={served.token}; HttpOnly; Path=/; SameSite=Strict", headers["Set-Cookie"])
    status, headers, text = ask(served, "/", Cookie=f"kata-{port}={served.token}")
    assert status == 200
    assert "The board" in text
    assert served.token not in text
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["Server"] is None


def test_another_name_of_this_machine_is_refused(served):
    for host in ("example.org", "127.0.0.1.example.org", "evil.app.github.dev", "localhost.example.org:80"):
        status, _, text = ask(served, f"/02?token={served.token}", Host=host)
        assert status == 403, host
        assert "sigmoid" not in text
    assert ask(served, f"/02?token={served.token}", Host="localhost")[0] == 200


def test_where_a_proxy_brings_the_page_its_name_is_one_of_ours(serve):
    served = serve("--no-browser", CODESPACES="true")
    assert ask(served, f"/02?token={served.token}", Host="x-8000.app.github.dev")[0] == 200
    assert ask(served, f"/02?token={served.token}", Host="app.github.dev.example.org")[0] == 403


def test_what_changes_something_is_a_post_with_the_key_of_the_page(served):
    token = f"?token={served.token}"
    key = re.search(r'name="kata-key" content="([\w-]+)"', ask(served, f"/02{token}")[2])[1]
    hint = {"method": "POST", "body": b"function=sigmoid"}
    assert ask(served, f"/do/hint{token}", **hint)[0] == 403
    assert ask(served, f"/do/hint{token}", **hint, **{"X-Kata-Key": "wrong"})[0] == 403
    assert ask(served, "/do/hint", **hint, **{"X-Kata-Key": key})[0] == 403
    assert ask(served, f"/do/hint{token}")[0] == 405
    assert "Hint 1 of 3</h4>" not in ask(served, f"/02{token}")[2]
    assert ask(served, f"/do/hint{token}", **hint, **{"X-Kata-Key": key})[0] == 200
    assert "Hint 1 of 3</h4>" in ask(served, f"/02{token}")[2]
    for action, body in (("hint", b"function=nothing"), ("hint", b"other=1"), ("measure", b"function=sigmoid")):
        status, _, text = ask(served, f"/do/{action}{token}", "POST", body, **{"X-Kata-Key": key})
        assert status == 400, (action, text)
    assert ask(served, f"/do/format{token}", "POST", b"", **{"X-Kata-Key": key})[0] == 404


@pytest.mark.sample(4)
@pytest.mark.parametrize(
    "path",
    [
        "/static/page.html",
        "/static/..%2fserver.py",
        "/static/../server.py",
        "/pictures/..%2f..%2fREADME.md",
        "/pictures/%2e%2e",
        "/exercises/02_activations/activations.py",
        "/solutions/02_activations/activations.py",
        "/.kata/page.json",
        "/77",
        "/2",
        "/report",
        "//etc/passwd",
    ],
)
def test_nothing_else_of_the_disk_is_served(served, path):
    status, _, text = ask(served, f"{path}?token={served.token}")
    assert status == 404
    assert "no such page" in text


def test_whether_it_is_there_is_said_without_a_token_and_says_nothing_else(served):
    known = re.fullmatch(r'\{"kata": "([0-9a-f]{64})"\}', ask(served, "/alive?question=a")[2])[1]
    port = int(served.address.rpartition(":")[2])
    assert known == hmac.new(served.token.encode(), f"{port} {served.clone} a".encode(), "sha256").hexdigest()
    assert known not in ask(served, "/alive?question=b")[2]
    assert ask(served, "/alive?question=a", Host="example.org")[0] == 403


def test_who_listens_where_the_page_was_is_not_told_the_token(serve, tmp_path):
    asked = []

    class Stranger(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path + str(self.headers))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"kata": str(served_from)}).encode())

        def log_message(self, *told):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Stranger) as stranger:
        threading.Thread(target=stranger.serve_forever, daemon=True).start()
        (tmp_path / "state").mkdir()
        known = {"port": stranger.server_port, "token": "nobody-elses"}
        (tmp_path / "state/page.json").write_text(json.dumps(known))
        served_from = tmp_path / "clone"
        served = serve("--no-browser")
        stranger.shutdown()
    assert len(asked) == 1
    assert "nobody-elses" not in asked[0]
    assert not served.address.endswith(f":{stranger.server_port}")
    assert served.token == "nobody-elses"


def test_its_memory_is_at_no_time_open_to_others(tmp_path, monkeypatch):
    monkeypatch.setenv("KATA_STATE", str(tmp_path))
    modes, replace = [], state._replace
    monkeypatch.setattr(state, "_replace", lambda *paths: modes.append(paths[0].stat().st_mode) or replace(*paths))
    state.save("page", {"token": "a"}, private=True)
    assert len(modes) == 1
    assert modes[0] & 0o077 == 0


def test_a_port_that_is_taken_is_said(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("-m", "kata", "open", "--no-browser", "--port", port)
    assert done.status == 2
    assert f"port {port} cannot be had: name another one with --port" in done.err


def test_a_second_one_opens_the_first(serve):
    first, second = serve("--no-browser"), serve("--no-browser")
    assert second.lines == [f"The page is open already: {first.whole}"]
    assert second.process.wait(60) == 0


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_after_one_that_ended_the_next_has_the_same_address(serve, number):
    first = serve("--no-browser")
    out = first.end(number)
    assert "Traceback" not in out
    assert first.process.returncode == (-signal.SIGKILL if number == signal.SIGKILL else 0)
    assert serve("--no-browser").whole == first.whole


def test_its_memory_is_the_learners_alone(served):
    assert (served.state / "page.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damaged", ["[]", '{"port": "x", "token": 3}', '{"port": 99999999, "token": "a"}', "{"])
def test_a_damaged_memory_is_no_obstacle(serve, tmp_path, damaged):
    (tmp_path / "state").mkdir()
    (tmp_path / "state/page.json").write_text(damaged)
    served = serve("--no-browser")
    assert ask(served, f"/?token={served.token}")[0] == 302


def test_without_a_screen_or_a_browser_the_address_is_enough(serve):
    served = serve(DISPLAY="", WAYLAND_DISPLAY="", BROWSER="")
    assert ask(served, f"/?token={served.token}")[0] == 302
    assert "No browser could be opened: open this address in one." in served.end()


def test_a_browser_gets_the_address(serve, tmp_path):
    browser, shown = tmp_path / "browser", tmp_path / "shown"
    browser.write_text(f'#!/bin/sh\necho "$1" > {shown}.part\nmv {shown}.part {shown}\n')
    browser.chmod(0o755)
    served = serve(BROWSER=str(browser))
    while not shown.exists():
        assert served.process.poll() is None
        time.sleep(0.02)
    out = served.end()
    assert "No browser" not in out
    assert shown.read_text().strip() == served.whole


def test_where_another_terminal_judges_the_page_only_follows(serve, tmp_path, monkeypatch):
    monkeypatch.setenv("KATA_STATE", str(tmp_path / "state"))
    with state.held("watching") as held:
        assert held
        served = serve("--no-browser")
        served.save_right()
        state.save("board", {"linear": {"checks": 3, "passed": 3, "seen": 3, "outcome": "passed", "reason": None}})
        text = ask(served, f"/02?token={served.token}")[2]
    assert re.findall(r'class="state ([\w-]+)"', text) == ["passed", "not-run", "not-run"]  # that is all there is


@pytest.mark.everywhere
def test_a_missing_package_is_named(kata_without):
    done = kata_without("tornado", "open")
    assert done.status == 2
    assert "the page needs the package tornado: pip install -e ." in done.err


@pytest.mark.everywhere
def test_a_run_of_pytest_imports_nothing_of_it(run):
    code = (
        "import pytest, sys; pytest.main(['-q', '-p', 'no:cacheprovider', 'exercises/02_activations']); "
        "print([name for name in sys.modules if name.startswith(('kata.home', 'tornado', 'jinja2', 'mistune'))])"
    )
    done = run("-c", code, cwd=ROOT)
    assert done.out.splitlines()[-1] == "[]"
