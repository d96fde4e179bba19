"""`python -m benchmarks` runs every benchmark in turn, each in a process of its own."""

import subprocess
import sys

ALL = (
    *("intake", "call_answer", "ring", "reading", "signup", "inbox", "half_port", "port_pages"),
    *("slow_clients", "heavy_files", "rest", "live", "desk_queue", "api"),
)

for name in ALL:
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)  # noqa: S603 -- our own modules
