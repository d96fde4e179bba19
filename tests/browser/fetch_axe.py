"""Fetch axe-core, which checks pages for accessibility, into the git-ignored cache that tests/browser reads.

    python -m tests.browser.fetch_axe

It comes as an npm package (MPL-2.0), so npm must be there; without it these checks are skipped.
"""

import sys
from pathlib import Path

from provisioning import npm

PACKAGE = "axe-core@4.14.1"
INTEGRITY = "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
AXE = Path(__file__).parents[2] / ".cache" / "axe-core" / "axe.min.js"


if __name__ == "__main__":
    sys.exit(npm.fetch(PACKAGE, INTEGRITY, {"axe.min.js": AXE}, without="the pages will be tested without axe-core"))
