"""What systems, programs and platforms leave beside what people hand in: nobody's work, and nothing to tell of."""

import re

_LEAVINGS = re.compile(
    r"\..*"  # hidden: .DS_Store, ._losses.py, .git, .ipynb_checkpoints, .~lock.essay.docx#
    r"|__macosx|__pycache__|site-packages|node_modules"
    r"|desktop\.ini|(eh)?thumbs(_\w+)?\.db|icon[\r\uf00d]|autorun\.inf"
    r"|\$recycle\.bin|system volume information|@eadir"
    r"|~\$.*|~.*\.tmp|.*~|.*\.(lnk|url|webloc|part|partial|crdownload|sw[op]|py[co]|tmp)"
    r"|submission_metadata\.(yml|yaml|json)",
    re.IGNORECASE | re.DOTALL,
)


def is_leaving(name: str) -> bool:
    """Whether a file or a folder with this name, without those that it lies in, is something left behind."""
    return _LEAVINGS.fullmatch(name) is not None


def is_visible(path: str) -> bool:
    """Whether a path, with "/", leads through nothing that is left behind."""
    return not any(is_leaving(part) for part in path.split("/"))
