"""The results that are kept in the output, read one at a time: those of a large class would fill the memory."""

import json
import sys
from collections.abc import Sequence


class Kept(Sequence):
    """The results of all submissions, as dicts, in the order of their files.

    Args:
        paths: the files, each a result.json.
    """

    def __init__(self, paths):
        self.paths = list(paths)

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, place):
        return json.loads(self.paths[place].read_text(encoding="utf-8"))

    def light(self):
        """Return all of them as a list, without their checks; what is equal in them is there once."""
        marks, found = {}, []
        for result in self:
            del result["checks"]
            result["functions"] = {
                sys.intern(name): marks.setdefault(json.dumps(mark), mark)
                for name, mark in result["functions"].items()
            }
            found.append(result)
        return found
