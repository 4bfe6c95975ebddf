"""Check what need not be run to be wrong. Each check is a command anyone can run alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
CHECKS = {
    "style": [str(BIN / "ruff"), "check", "."],
    "layout": [str(BIN / "ruff"), "format", "--check", "."],
    "direction of imports": [str(BIN / "lint-imports")],
    "system checks": [*MANAGE, "check", "--fail-level", "WARNING"],
    "missing migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "built stylesheet": [*MANAGE, "build_css", "--check"],
    "built icons": [*MANAGE, "build_icons", "--check"],
    "translations": [sys.executable, "tools/messages.py", "--check"],
}


def long_files() -> list[str]:
    """Return the files of more than 500 lines."""
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.css", "*.html", "*.js", "*.toml"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    made = ("static/vendor/", "static/css/portal.css", "/migrations/", "locale/")
    kept = [name for name in listed if not any(part in name for part in made) and (ROOT / name).exists()]
    return [name for name in kept if len((ROOT / name).read_text(encoding="utf-8").splitlines()) > 500]


def main() -> int:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    failed = []
    for name, command in CHECKS.items():
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name}", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout[-6000:] + done.stderr[-3000:])
    if (ROOT / "site" / "__init__.py").exists():
        failed.append("site/__init__.py exists: the standard library keeps that name")
    if files := long_files():
        failed.append(f"over 500 lines: {', '.join(files)}")
    print("\n".join(failed) if failed else "Nothing to mend.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
