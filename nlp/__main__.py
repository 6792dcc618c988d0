"""Entry of ``python -m nlp``: files in, files out, no site needed."""

import sys

from nlp.cli import main

sys.exit(main(sys.argv[1:]))
