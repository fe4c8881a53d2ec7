"""`python -m kata`: the same as the console command `kata`."""

from kata.cli import main

raise SystemExit(main())
