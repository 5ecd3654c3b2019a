"""``python -m netwatch`` is the ``netwatch`` command."""

import sys

from netwatch.cli import main

if __name__ == "__main__":
    sys.exit(main())
