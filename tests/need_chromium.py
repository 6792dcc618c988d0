"""Finds Chromium for the browser tests; as root on Debian it installs it, else it says what to do.

``python -m tests.need_chromium``, the first line of ``make test``.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "google-chrome")  # as tests/browser/conftest.py looks for them
UPDATE = ("apt-get", "update")
INSTALL = ("apt-get", "install", "-y", "--no-install-recommends", "chromium")
ADVICE = (
    "The browser tests need Chromium, and none is on the path.\n"
    "Debian and Ubuntu: sudo apt-get install chromium. Elsewhere: your system's package."
)


def find_chromium() -> str | None:
    """Return the path of the browser, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def may_install() -> bool:
    """Say whether we are root on a system that has apt."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def main() -> int:
    """Return 0 once Chromium is there, 1 with advice when it is not."""
    if find_chromium() is None and may_install():
        print("Installing Chromium for the browser tests…", flush=True)
        for command in (UPDATE, INSTALL):
            if subprocess.run(command, check=False).returncode:
                break
    if find_chromium() is None:
        print(ADVICE, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
