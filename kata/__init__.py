"""The judge of the kata, in ten rooms; CONTRIBUTING.md has a map. Suites import `check` from `kata.checks`.

Nothing is imported here. Every pytest run of the environment loads kata/judge/plugin.py and so this file, too: it
must cost nothing.
"""
