"""A pytest plugin, ``-p tests.without``: the modules named in WITHOUT are as if not installed."""

import os
import sys

for name in os.environ["WITHOUT"].split():
    sys.modules[name] = None
