"""netwatch: the network monitor of a province."""

import os

__version__ = "0.1.0"

# numpy's linear algebra, which nothing here uses, would start a thread for each core; and a process
# with threads can't enter a user namespace, as the simulated province does.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
