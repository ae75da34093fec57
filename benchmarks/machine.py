"""What a benchmark ran on: figures from a shared machine mean little without it."""

import os
import platform
from pathlib import Path


def machine() -> str:
    """Return processor, cores and the load of the last minute."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor()
    return f"machine: {name}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}"
