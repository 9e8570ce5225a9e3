"""The files of the project, as the checks of the source text see them."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {"build", "node_modules", "dist", ".git", ".cache"}


def files(*suffixes: str, under: str = ".") -> list[Path]:
    """Paths relative to ROOT, sorted."""
    found = []
    folders = [ROOT / under]
    while folders:
        for entry in folders.pop().iterdir():
            if entry.is_dir() and not entry.is_symlink() and entry.name not in NOT_OURS:
                folders.append(entry)
            elif entry.is_file() and entry.suffix in suffixes:
                found.append(entry.relative_to(ROOT))
    return sorted(found)


def read(path: Path | str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def conclude(problems: list[str], checked: str) -> None:
    for problem in problems:
        print(problem)
    print(f"{checked}: {len(problems)} problems")
    sys.exit(1 if problems else 0)
