"""What a process holds: memory, descriptors, threads, from /proc."""
import dataclasses
import os
import pathlib
import re
import statistics
import time


@dataclasses.dataclass(frozen=True)
class Held:
    resident_kb: int
    private_kb: int  # written to by the process: what it has allocated, and nothing of files
    descriptors: int
    threads: int

    def __str__(self):
        return (f"{self.resident_kb} kB resident, {self.private_kb} kB private, {self.descriptors} descriptors, "
                f"{self.threads} threads")


def held_by(pid):
    proc = pathlib.Path(f"/proc/{pid}")
    rollup = proc.joinpath("smaps_rollup").read_text(encoding="ascii")
    size = lambda name: int(re.search(rf"^{name}:\s+(\d+) kB", rollup, re.MULTILINE)[1])
    return Held(resident_kb=size("Rss"), private_kb=size("Private_Dirty"),
                descriptors=len(os.listdir(proc / "fd")), threads=len(os.listdir(proc / "task")))


def held_in_rest(pid, samples=5, interval=2):
    """The medians of some moments, while nobody asks anything of the process."""
    seen = []
    for _ in range(samples):
        time.sleep(interval)
        seen.append(held_by(pid))
    return Held(*(int(statistics.median(getattr(one, field.name) for one in seen)) for field in dataclasses.fields(Held)))


def descriptor_kinds(pid):
    """{kind: count} for the report of one that leaks: `socket`, `anon_inode:[eventfd]`, a file's name."""
    kinds = {}
    for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            kind = re.sub(r":\[\d+\]$", "", os.readlink(entry))
        except FileNotFoundError:
            continue  # closed meanwhile
        kinds[kind] = kinds.get(kind, 0) + 1
    return kinds
