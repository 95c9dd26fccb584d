"""Renders every page in this process and prints, as JSON, what that took and brought with it.

Run as `python tests/pages/render_all.py`, with the folders of the lab in the environment.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("[a-z]*.py"))


def main() -> None:
    """One session that visits all pages, as somebody would."""
    sys.path.insert(0, str(ROOT))
    from streamlit.testing.v1 import AppTest

    from pages.components import services
    from rnnlab.runs.jobs.manager import JobManager

    jobs = JobManager(services.runs_folder(), services.data_folder(), keep_spare=False)
    services.job_manager = lambda *_: jobs  # no worker is started for a look at the pages
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    problems = {}
    for page in PAGES:
        app.switch_page(f"pages/{page}.py").run()
        problems[page] = [error.message for error in app.exception]
    jobs.close()
    print(json.dumps({"problems": problems, "torch": "torch" in sys.modules}))


main()
