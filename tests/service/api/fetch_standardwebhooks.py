"""Fetch the Standard Webhooks library for Node and what it needs into the git-ignored cache that the tests read.

    python -m tests.service.api.fetch_standardwebhooks

They are npm packages (MIT, Unlicense), so npm must be there; without it our signatures are not judged from outside.
"""

import sys
from pathlib import Path

from provisioning import npm

MODULES = Path(__file__).parents[3] / ".cache" / "standardwebhooks" / "node_modules"
PACKAGES = {
    "fast-sha256@1.3.0": (
        "sha512-n11RGP/lrWEFI/bWdygLxhI+pVeo1ZYIVwvvPkW7azl/rOy+F3HYRZ2K5zeE9mmkhQppyv9sQFx0JM9UabnpPQ==",
        ("sha256.js",),
    ),
    "@stablelib/base64@1.0.1": (
        "sha512-1bnPQqSxSuc3Ii6MhBysoWCg58j97aUjuCSZrGSmDxNqtytIi0k8utUenAwTZN4V5mXXYGsVUI9zeBqy+jBOSQ==",
        ("lib/base64.js",),
    ),
    "standardwebhooks@1.1.1": (
        "sha512-bCbX9ZEyFkWPsRz7Bl3NuQUJohmwGSev/yhr7vhaGPlc4AfIrspIRa6cPTBuI1ItmrTDJ4d/S2hCsfe4+vQGnQ==",
        ("dist/index.js", "dist/timing_safe_equal.js"),
    ),
}
"""The hash of each package, and its files besides `package.json`. The library itself comes last."""


def main() -> int:
    """Fetch them; the exit status is 0 if all were written."""
    without = "our webhooks will not be verified by the library for Node"
    for package, (integrity, files) in PACKAGES.items():
        folder = MODULES / package.rpartition("@")[0]
        if npm.fetch(package, integrity, {name: folder / name for name in ("package.json", *files)}, without=without):
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
