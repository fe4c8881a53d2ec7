"""Where this checkout came from, and what opens it in a browser: `make buttons` prints the links for a README.

No file can name the repository, since every copy lies in another one. So the links are made from the checkout's own
address, as that in the notebooks is.
"""

import json
import re
import subprocess
import sys
from urllib.parse import quote

from kata.folders import short
from kata.syllabus import EXERCISES, ROOT

_REMOTE = r"(?:https://(?:[^@/]*@)?|ssh://git@|git@)([\w.-]+)[:/]([\w./~-]+?)(?:\.git)?/?"


def repository() -> str:
    """Where a notebook fetches the kata from: where this checkout came from, as an https address, or "".

    No other place is ever asked: whoever owned an address that was merely guessed could run code in the notebook.
    """
    if _git("rev-parse", "--show-prefix"):
        return ""  # in a folder of another repository, such as a handout in the instructor's own
    found = re.fullmatch(_REMOTE, _git("remote", "get-url", "origin"))
    return f"https://{found[1]}/{found[2]}" if found else ""


def buttons() -> dict[str, str]:
    """Return what opens this branch of the repository in a browser, as {name: address}.

    Raises:
        LookupError: there is no such address; the message says why.
    """
    address = repository()
    found = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+)", address, re.IGNORECASE)
    if not found:
        where = address or "no repository that has an address"
        raise LookupError(f"the buttons are for a repository on GitHub, and this checkout came from {where}")
    if not (branch := _git("branch", "--show-current")):
        raise LookupError("this checkout is on no branch: git switch to the one that the buttons should open")
    place, name, notebook = found[1], quote(branch, safe=""), short(EXERCISES[0].notebook)
    volume = "vscode://ms-vscode-remote.remote-containers/cloneInVolume"
    addresses = {
        "Codespaces": f"https://codespaces.new/{place}/tree/{name}",
        "VS Code, in a container": f"https://vscode.dev/redirect?url={volume}?url=https://github.com/{place}",
    }
    if (ROOT / ".binder").is_dir():  # a handout of 06 to 09 has none
        addresses["Binder"] = f"https://mybinder.org/v2/gh/{place}/{name}?urlpath=lab/tree/{notebook}"
    return addresses | {"Colab": f"https://colab.research.google.com/github/{place}/blob/{name}/{notebook}"}


def lacking() -> str:
    """What has to be pushed before the buttons lead somewhere, as far as git knows here; "" where all is there."""
    branch, notebook = _git("branch", "--show-current"), short(EXERCISES[0].notebook)
    pushed = f"refs/remotes/origin/{branch}"
    if not _git("rev-parse", "--verify", "--quiet", pushed):
        return f"The buttons open what is on GitHub, where the branch {branch} is not yet: push it."
    # Its first cell holds the address: one that was made elsewhere would fetch another kata, or none.
    if json.dumps(f'url = "{repository()}"')[1:-1] not in _git("show", f"{pushed}:{notebook}"):
        return f"""\
Colab opens {notebook} as it is on GitHub, and there is none yet that fetches this repository:
run kata notebook --all, then commit and push exercises/*/*.ipynb. The other buttons do without."""
    return ""


def _git(*arguments: str) -> str:
    """What git says of this checkout; "" where it fails, or is not there."""
    command = ["git", "-C", str(ROOT), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    return "" if done.returncode else done.stdout.strip()


def _main() -> None:
    try:
        links = [f"[{name}]({address})" for name, address in buttons().items()]
    except LookupError as error:
        raise SystemExit(f"kata: {error.args[0]}") from None
    print("Open it in " + " · ".join(links))
    if note := lacking():
        print(f"\n{note}", file=sys.stderr)


if __name__ == "__main__":
    _main()
