# SPDX-License-Identifier: GPL-3.0-only
# What /proc says about a server: all processes of its group together.

import os
from pathlib import Path


def group_members(pgid):
    """The pids of a process group."""
    members = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[2]) == pgid:
            members.append(int(stat.parent.name))
    return members


def cpu_seconds(pgid):
    """User and system time of all threads so far, to the nanosecond where the kernel keeps that."""
    total = 0.0
    for pid in group_members(pgid):
        for task in Path(f"/proc/{pid}/task").iterdir():
            try:
                total += int((task / "schedstat").read_text().split()[0]) / 1e9
            except FileNotFoundError:
                fields = (task / "stat").read_text().rpartition(")")[2].split()
                total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def waited_seconds(pgid):
    """How long all threads so far could have run and had no processor."""
    total = 0
    for pid in group_members(pgid):
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[1])
    return total / 1e9


def pss_bytes(pgid):
    """Proportional set size: shared pages count once over those who share them."""
    total = 0
    for pid in group_members(pgid):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total
