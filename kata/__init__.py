"""The judge of the kata. Suites import `check` and `check_raises` from kata.check.

Nothing is imported here: the pytest plugin's door (kata/judge/plugin.py) lies in this package, and every pytest run
of the environment passes through it.
"""
