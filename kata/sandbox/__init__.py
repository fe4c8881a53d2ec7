"""A stranger's code in a process of its own, which sees only its own files and can do no harm.

Come here to change what such a process sees (`runtime`), its limits, such as that on memory, and how it is started
(`bubblewrap`), and what runs in it (`child`). What passes between the process and the judge is made into bytes by
kata/checks/wire.py. The default of --memory-limit is in kata/cli.py. This room compares nothing and gives no marks.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.sandbox.batches import Arguments, Plan
    from kata.sandbox.bubblewrap import HOW_TO_GET_IT, WITHOUT, Sandbox, SandboxError
    from kata.sandbox.process import Ended, TooLate
    from kata.sandbox.runner import Sandboxed
    from kata.sandbox.runtime import Runtime, find_runtime
else:
    __getattr__ = door(__name__)
