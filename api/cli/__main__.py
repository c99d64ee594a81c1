"""``python -m api.cli`` is ``roomscribe``."""

import sys

from api.cli import main

sys.exit(main())
