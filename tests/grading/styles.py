"""Right answers in unusual styles, for both ways of judging: a module's text for each, and whether it is judged.

Those that are refused are refused in the same words by pytest and by `kata grade`.
"""

from tests.support import replace_function, solution

_A = "activations"
_SIGMOID = """
    x = np.asarray(x)
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small)).astype(x.dtype)
"""


def _sigmoid(code):
    """The solution of 02 with another sigmoid; `code` may name `_right`, which is right."""
    right = f"def _right(x):{_SIGMOID}\n\n"
    return replace_function(_A, "sigmoid", right + code)


STYLES = {
    "lambda": _sigmoid("sigmoid = lambda x: _right(x)"),
    "partial": _sigmoid("import functools\nsigmoid = functools.partial(_right)"),
    "partial of more": _sigmoid(
        "import functools\ndef _two(_, x): return _right(x)\nsigmoid = functools.partial(_two, 1)"
    ),
    "object": _sigmoid("class _Sigmoid:\n    def __call__(self, x): return _right(x)\nsigmoid = _Sigmoid()"),
    "class method": _sigmoid("class _S:\n    @classmethod\n    def f(cls, x): return _right(x)\nsigmoid = _S.f"),
    "static method": _sigmoid("class _S:\n    @staticmethod\n    def f(x): return _right(x)\nsigmoid = _S.f"),
    "bound method": _sigmoid("class _S:\n    def f(self, x): return _right(x)\nsigmoid = _S().f"),
    "decorated": _sigmoid(
        "import functools\ndef same(f):\n    @functools.wraps(f)\n    def g(*a): return f(*a)\n    return g\n"
        "@same\ndef sigmoid(x): return _right(x)"
    ),
    "decorated without wraps": _sigmoid(
        "def same(f): return lambda x: f(x)\n@same\ndef sigmoid(x): return _right(x)"
    ),
    "factory": _sigmoid("def make():\n    def sigmoid(x): return _right(x)\n    return sigmoid\nsigmoid = make()"),
    "alias": _sigmoid("sigmoid = _right"),
    "nested": _sigmoid("def sigmoid(x):\n    def helper(y): return _right(y)\n    return helper(x)"),
    "inside if": _sigmoid("if True:\n    def sigmoid(x): return _right(x)"),
    "inside try": _sigmoid("try:\n    def sigmoid(x): return _right(x)\nfinally:\n    pass"),
    "inside for": _sigmoid("for _ in range(1):\n    def sigmoid(x): return _right(x)"),
    "inside with": _sigmoid(
        "import contextlib\nwith contextlib.nullcontext():\n    def sigmoid(x): return _right(x)"
    ),
    "globals": _sigmoid("globals()['sigmoid'] = _right"),
    "exec": _sigmoid("exec('def sigmoid(x): return _right(x)')"),
    "setattr": _sigmoid("import sys\nsetattr(sys.modules[__name__], 'sigmoid', _right)"),
    "module getattr": _sigmoid(
        "def __getattr__(name):\n    if name == 'sigmoid': return _right\n    raise AttributeError"
    ),
    "twice": _sigmoid("def sigmoid(x): return None\n\ndef sigmoid(x): return _right(x)"),
    "match": _sigmoid("def sigmoid(x):\n    match x:\n        case _:\n            return _right(x)"),
    "walrus": _sigmoid("def sigmoid(x):\n    if (y := _right(x)) is not None: return y"),
    "annotations": "from __future__ import annotations\n"
    + solution(_A).replace("(x):", "(x: NoSuchName) -> Nor[This]:"),
    "type hints": _sigmoid(
        "import numpy.typing as npt\ndef sigmoid(x: npt.ArrayLike) -> npt.NDArray: return _right(x)"
    ),
    "dataclass": _sigmoid(
        "import dataclasses\n@dataclasses.dataclass\nclass _S:\n  x: object\n  def f(self): return _right(self.x)\n"
        "def sigmoid(x): return _S(x).f()"
    ),
    "named tuple": _sigmoid(
        "from typing import NamedTuple\nclass _S(NamedTuple):\n    x: object\ndef sigmoid(x): return _right(_S(x).x)"
    ),
    "enum": _sigmoid(
        "import enum\nclass E(enum.Enum):\n    A = 1\ndef sigmoid(x):\n    return _right(x) if E.A else None"
    ),
    "vectorize": _sigmoid(
        "def sigmoid(x):\n    x = np.asarray(x)\n    f = np.vectorize(lambda y: _right(y), otypes=[x.dtype])\n"
        "    return f(x) if x.size else x.copy()"
    ),
    "loops": _sigmoid(
        "def sigmoid(x):\n    x = np.asarray(x)\n    out = np.empty(x.size, x.dtype)\n    flat = x.ravel()\n"
        "    for i in range(x.size):\n        out[i] = _right(flat[i])\n    return out.reshape(x.shape)"
    ),
    "out argument": _sigmoid("def sigmoid(x):\n    y = np.empty_like(x)\n    np.copyto(y, _right(x))\n    return y"),
    "generator": _sigmoid("def _all(x):\n    yield _right(x)\ndef sigmoid(x):\n    return next(_all(x))"),
    "recursion": _sigmoid("def sigmoid(x, n=3):\n    return sigmoid(x, n - 1) if n else _right(x)"),
    "closure": _sigmoid(
        "def _make(k):\n    return lambda x: k(x)\n_made = _make(_right)\ndef sigmoid(x): return _made(x)"
    ),
    "star import": _sigmoid("from math import *\ndef sigmoid(x): return _right(x)").replace(
        "import numpy", "import numpy", 1
    ),
    "keyword only rest": _sigmoid("def sigmoid(x, *, unused=None): return _right(x)"),
    "any arguments": _sigmoid("def sigmoid(*args, **kwargs): return _right(*args, **kwargs)"),
    "thread": _sigmoid(
        "from concurrent.futures import ThreadPoolExecutor\ndef sigmoid(x):\n"
        "    with ThreadPoolExecutor(1) as pool: return pool.submit(_right, x).result()"
    ),
    "async": _sigmoid("import asyncio\nasync def _s(x): return _right(x)\ndef sigmoid(x): return asyncio.run(_s(x))"),
    "logging": _sigmoid(
        "import logging\nlogging.basicConfig()\ndef sigmoid(x):\n    logging.warning('x')\n    return _right(x)"
    ),
    "cache": _sigmoid(
        "import functools\n@functools.lru_cache\ndef _one(): return 1\ndef sigmoid(x): return _right(x) * _one()"
    ).replace("* _one()", "if _one() else None"),
    "context": _sigmoid("def sigmoid(x):\n    with np.errstate(all='ignore'): return _right(x)"),
    "semicolons": _sigmoid("def sigmoid(x): y = x; return _right(y);"),
    "tabs": _sigmoid("def sigmoid(x):\n\treturn _right(x)"),
    "windows lines": solution(_A).replace("\n", "\r\n"),
    "form feed": "\f\n" + solution(_A),
    "long line": "#" * 20_000 + "\n" + solution(_A),
    "unicode names": _sigmoid("def sigmoid(x):\n    größe = _right(x)\n    return größe"),
    "all": "__all__ = ['sigmoid']\n" + solution(_A),
    "main": solution(_A) + "\nif __name__ == '__main__':\n    import matplotlib\n    sigmoid('x')\n",
    "docstring only above": '"""My work."""\n' + solution(_A),
    "locale": "import locale\nlocale.setlocale(locale.LC_ALL, '')\n" + solution(_A),
    "user's name": "import getpass\ngetpass.getuser()\n" + solution(_A),
    "relative import": "if __package__:\n    from . import x\n" + solution(_A),
    "suppressed import": "from contextlib import suppress\nwith suppress(ImportError):\n    import pandas\n"
    + solution(_A),
    "tests in the file": solution(_A) + "\ndef test_sigmoid():\n    assert sigmoid(0.0) == 0.5\ntest_sigmoid()\n",
    "doctest": solution(_A) + "\nimport doctest\ndoctest.testmod()\n",
    "old Mac's lines": solution(_A).replace("\n", "\r"),
    "settings": "import numpy as np\nnp.seterr(all='raise')\nnp.set_printoptions(precision=1)\n" + solution(_A),
    "positional only": _sigmoid("def sigmoid(x, /): return _right(x)"),
    "single dispatch": _sigmoid("import functools\n@functools.singledispatch\ndef sigmoid(x): return _right(x)"),
    "numba guarded": "try:\n    from numba import njit\nexcept ImportError:\n    njit = lambda f: f\n" + solution(_A),
    # Refused, in the same words:
    "refused: exit at the end": solution(_A) + "\nexit()\n",
    "refused: quit": solution(_A) + "\nquit(0)\n",
    "refused: sys.exit": solution(_A) + "\nimport sys\nsys.exit(0)\n",
    "refused: tests that end": solution(_A) + "\nimport unittest\nunittest.main(argv=['x'])\n",
    "refused: arguments": "import argparse\nargparse.ArgumentParser().parse_args(['-x'])\n" + solution(_A),
    "refused: Jupyter": "get_ipython().run_line_magic('matplotlib', 'inline')\n" + solution(_A),
    "refused: magic": "%matplotlib inline\n" + solution(_A),
    "refused: page": "<!DOCTYPE html>\n<html></html>\n",
    "refused: screen": "from tkinter import Y\n" + solution(_A),
    "refused: package": "import pandas as pd\n" + solution(_A),
    "refused: UTF-16": solution(_A).encode("utf-16"),
    "refused: codec": b"# coding: idna\n" + solution(_A).encode(),
    "refused: syntax": solution(_A) + "\ndef broken(:\n",
    "refused: exit": "raise SystemExit('bye')\n" + solution(_A),
    "refused: nothing": "",
}
