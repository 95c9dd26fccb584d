"""The way through the lab in a real browser: train on real text, let it write, look inside."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora.library import ENVIRONMENT, CorpusLibrary
from rnnlab.text.corpora.uploads import MAX_TITLE_CHARACTERS
from rnnlab.training.config import RunConfig
from rnnlab.training.labels import value_text
from tests.pages.conftest import TINY, train
from tests.serving import ROOT, Server, serve

Opener = Callable[..., Page]
PLOT = ".rnnlab-plot-figure"
DRAWN = f"() => [...document.querySelectorAll('{PLOT}')].every(el => el._fullLayout?.width > 100)"
PAGES = ("Start", "Corpus", "Train", "Runs", "Generate", "Hidden units")
HOSTILE = '<script>alert(1)</script> <img src=x onerror="alert(2)"> **bold** $x^2$ `code` :red[no]'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A fresh app with no runs at all."""
    runs = tmp_path_factory.mktemp("journey") / "runs"
    runs.mkdir()
    with serve(runs, ROOT / "data") as started:
        yield started


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: the folder RNNLAB_SCREENSHOTS, or one that goes away."""
    named = os.environ.get("RNNLAB_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def photograph(page: Page, path: Path) -> None:
    """The whole page, not only what fits into the window, with all its figures."""
    page.mouse.move(0, 0)  # no tooltip is left open
    page.wait_for_function(DRAWN)
    height = page.get_by_test_id("stMain").evaluate("el => el.scrollHeight")
    page.set_viewport_size({"width": 1440, "height": max(900, min(height, 4000))})
    page.wait_for_timeout(300)  # figures take their new size in the next frames
    page.screenshot(path=path)
    page.set_viewport_size({"width": 1440, "height": 900})


def ready(page: Page) -> None:
    """Wait until the page has run to its end, and its widgets are there."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def visit(page: Page, title: str) -> None:
    """Go to a page through the side bar."""
    page.get_by_test_id("stSidebarNavLink").filter(has_text=title).click()
    heading = main(page).get_by_role("heading", level=1)
    expect(heading).to_have_text("RNN Lab" if title == "Start" else title)
    ready(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def main(page: Page) -> Locator:
    """The page without the side bar."""
    return page.get_by_test_id("stMain")


def settled(page: Page, expression: str) -> None:
    """Wait until an expression about the first figure `el` is true."""
    script = f"() => {{ const el = document.querySelector('{PLOT}'); return el && ({expression}) }}"
    page.wait_for_function(script)


def look(page: Page, expression: str) -> object:
    """A JavaScript expression about the first figure `el`."""
    return page.locator(PLOT).first.evaluate(f"el => {expression}")


def test_train_write_and_look_inside(server: Server, new_page: Opener, album: Path) -> None:
    page = new_page()
    page.goto(f"{server.url}/train")
    _start_training(page, album)
    run = RunStore(server.runs).open(_shown_run(page))
    _zoom_and_reload(page, run)
    if os.environ.get(ENVIRONMENT):
        assert run.config.corpus == "tiny-shakespeare"
    _stop(page, run, album)
    _write(page, run, album)
    _look_inside(page, album)


def _start_training(page: Page, album: Path) -> None:
    """The first loss appears, and the curve grows."""
    start = main(page).get_by_role("button", name="Start", exact=True)
    expect(start).to_be_enabled()
    photograph(page, album / "train-before-light.png")
    start.click()
    loss = main(page).get_by_test_id("stMetric").filter(has_text="Training loss")
    expect(loss.get_by_test_id("stMetricValue")).to_have_text(re.compile(r"\d\.\d+"))
    settled(page, "el._fullData?.[0].y.length >= 5")
    points = look(page, "el._fullData[0].y.length")
    settled(page, f"el._fullData[0].y.length >= {points} + 5")


def _zoom_and_reload(page: Page, run: Run) -> None:
    """The zoom survives new data, and a reload shows the same run, further on."""
    box = page.locator(f"{PLOT} .nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.7 * box["height"], steps=4)
    page.mouse.up()
    settled(page, "!el._fullLayout.xaxis.autorange")
    axes = "[...el._fullLayout.xaxis.range, ...el._fullLayout.yaxis.range]"
    zoomed = look(page, axes)
    reached = look(page, "Math.max(...el._fullData[0].x)")
    for _ in range(2):  # updates later
        settled(page, f"Math.max(...el._fullData[0].x) > {reached}")
        reached = look(page, "Math.max(...el._fullData[0].x)")
    assert look(page, axes) == zoomed
    address = page.url
    page.reload()
    settled(page, f"el._fullData && Math.max(...el._fullData[0].x) > {reached}")
    assert page.url == address
    expect(main(page).get_by_role("combobox", name="Run", exact=True)).to_have_value(run.name)
    rate = main(page).get_by_test_id("stSlider").filter(has_text="Learning rate now")
    expect(rate).to_contain_text(value_text("learning_rate", run.config.learning_rate))


def _shown_run(page: Page) -> str:
    found = re.search(r"[?&]run=([\w-]+)", page.url)
    assert found, f"no run in {page.url}"
    return found[1]


def _stop(page: Page, run: Run, album: Path) -> None:
    """A stopped run keeps what it reached."""
    photograph(page, album / "train-running-light.png")
    main(page).get_by_role("button", name="Stop", exact=True).click()
    expect(main(page).get_by_text("Stopped", exact=True)).to_be_visible()
    expect(main(page).get_by_role("button", name="Resume", exact=True)).to_be_visible()
    assert run.status().state == "stopped"
    assert len(run.metrics()["step"]) > 10
    ready(page)
    photograph(page, album / "train-stopped-light.png")


def _write(page: Page, run: Run, album: Path) -> None:
    """The text appears character by character; pause, step and all at once."""
    main(page).get_by_role("link", name="Let it write").click()
    expect(main(page).get_by_role("heading", level=1)).to_have_text("Generate")
    assert _shown_run(page) == run.id
    seed = main(page).get_by_role("textbox", name="Seed text")
    seed.fill("The ")
    seed.press("Control+Enter")
    main(page).get_by_role("button", name="Write another").click()
    ready(page)
    count, text = page.locator(".player .count"), page.locator(".player .text")
    expect(count).to_have_text(re.compile(r"^(?:[3-9]\d|\d{3}) of 600"))
    expect(text).to_contain_text("The")
    written = text.inner_text()
    assert len(written) > 20
    page.get_by_role("button", name="Pause").click()
    place = int(count.inner_text().split()[0])
    page.get_by_role("button", name="One character on").click()
    expect(count).to_have_text(f"{place + 1} of 600")
    photograph(page, album / "generate-light.png")
    page.get_by_role("button", name="All at once").click()
    expect(count).to_have_text("600 of 600")
    expect(text.locator("span[data-i]")).to_have_count(600)


def _look_inside(page: Page, album: Path) -> None:
    """The text that was written, as one of the hidden units sees it."""
    main(page).get_by_role("button", name="Look at this text in Hidden units").click()
    expect(main(page).get_by_role("heading", level=1)).to_have_text("Hidden units")
    _choose_a_unit(page)
    photograph(page, album / "hidden_units-clicked-light.png")


def _choose_a_unit(page: Page) -> None:
    """A click on a row of the heatmap colors the text by that unit."""
    settled(page, "el.querySelector('.heatmaplayer image')")
    colored = page.locator(".colored .text span")
    expect(colored.first).to_be_visible()
    ready(page)
    colors = "els => els.map(el => el.style.background).join()"
    before = colored.evaluate_all(colors)
    units = look(page, "[...el._fullData[0].y]")
    assert isinstance(units, list)
    row = 4 if main(page).get_by_role("spinbutton", name="Unit").input_value() != units[4] else 5
    unit = units[row]
    box = page.locator(f"{PLOT} .nsewdrag").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + (row + 0.5) / len(units) * box["height"]
    page.mouse.move(x, y)
    expect(page.locator(".hovertext").first).to_contain_text(f"unit {unit}")
    page.mouse.click(x, y)
    expect(main(page).get_by_text(f"The text as unit {unit} sees it")).to_be_visible()
    expect(page.locator(".colored .legend .name")).to_contain_text(f"unit {unit}:")
    assert colored.evaluate_all(colors) != before
    assert f"unit={unit}" in page.url
    ready(page)


def test_choose_a_unit_and_write_in_the_dark(server: Server, new_page: Opener, album: Path) -> None:
    run = _a_run(server)
    page = new_page("dark")
    page.goto(f"{server.url}/hidden_units?run={run.id}")
    _choose_a_unit(page)
    photograph(page, album / "hidden_units-clicked-dark.png")
    page.goto(f"{server.url}/generate?run={run.id}")
    main(page).get_by_role("button", name="Write another").click()
    expect(page.locator(".player .count")).to_have_text(re.compile(r"^[1-9]\d* of 600"))
    page.get_by_role("button", name="All at once").click()
    expect(page.locator(".player .text span[data-i]")).to_have_count(600)
    slider = page.get_by_role("slider", name="Position in the text")
    expect(slider).to_have_css("--filled", "100%")
    photograph(page, album / "generate-clicked-dark.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_in_light_and_dark(
    scheme: str, server: Server, new_page: Opener, album: Path
) -> None:
    _a_run(server)
    page = new_page(scheme)
    page.goto(server.url)
    for title in PAGES:
        visit(page, title)
        ink = page.get_by_test_id("stApp").evaluate("el => getComputedStyle(el).color")
        bright = sum(map(int, re.findall(r"\d+", ink)[:3])) > 3 * 128
        assert bright == (scheme == "dark")
        photograph(page, album / f"{title.lower()}-{scheme}.png")
    order = main(page).get_by_role("combobox", name="Order of units", exact=True)
    expect(order).to_have_value("Similarity")  # as on the page before


def _a_run(server: Server) -> Run:
    """A run with weights: the newest, else one that is trained now, in a second."""
    store = RunStore(server.runs)
    runs = [run for run in store.runs() if run.snapshots()]
    return runs[0] if runs else train(store, TINY, "A small LSTM")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Run]]:
    """An app whose corpus, name of a run and written text are full of HTML and Markdown."""
    folder = tmp_path_factory.mktemp("hostile")
    data = folder / "data"
    data.mkdir()
    for name in ("play.txt", "dinosaurs.txt"):
        shutil.copy(ROOT / "data" / name, data / name)
    text = "\n".join(f"{HOSTILE} {number}" for number in range(100))
    corpus = CorpusLibrary(data).add_own(HOSTILE[:MAX_TITLE_CHARACTERS], text).name
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.pages.conftest.ROOT", folder)
        run = train(RunStore(folder / "runs"), _overfitted(corpus), HOSTILE)
    with serve(folder / "runs", data) as started:
        yield started, run


def _overfitted(corpus: str) -> RunConfig:
    """Learns such a text by heart."""
    return TINY.replace(corpus=corpus, hidden_size=32, learning_rate=1e-2, budget=300)


def test_hostile_text_is_shown_as_text(
    hostile: tuple[Server, Run], new_page: Opener, album: Path
) -> None:
    server, run = hostile
    page = new_page()
    page.goto(server.url)
    for title in PAGES:
        visit(page, title)
        if title == "Corpus":
            _choose_corpus(page)
        _nothing_came_alive(page)
        photograph(page, album / f"hostile-{title.lower()}.png")
    _own_text(page)
    _seed_text(page, server, run)
    photograph(page, album / "hostile-generate-seed.png")


def _choose_corpus(page: Page) -> None:
    """The text of the user's, in the list of all corpora."""
    main(page).get_by_role("combobox", name="Corpus", exact=True).click()
    page.get_by_role("option", name=HOSTILE[:20]).click()
    expect(main(page).get_by_text(HOSTILE).first).to_be_visible()
    ready(page)


def _own_text(page: Page) -> None:
    """Typed on the page Hidden units."""
    main(page).get_by_role("radio", name="Own text").click()
    typed = main(page).get_by_role("textbox", name="Your text")
    typed.fill(HOSTILE)
    typed.press("Control+Enter")
    expect(page.locator(".colored .text")).to_contain_text(HOSTILE)
    ready(page)
    _nothing_came_alive(page)


def _seed_text(page: Page, server: Server, run: Run) -> None:
    """Typed on the page Generate: read as it is, or refused by naming characters."""
    page.goto(f"{server.url}/generate?run={run.id}")
    seed = main(page).get_by_role("textbox", name="Seed text")
    seed.fill(HOSTILE)
    seed.press("Control+Enter")
    expect(page.locator(".player .text")).to_contain_text(HOSTILE)
    seed.fill(f"{HOSTILE} ☃<b>☃</b>")
    seed.press("Control+Enter")
    expect(main(page).get_by_text("'☃'")).to_be_visible()
    _nothing_came_alive(page)
    main(page).get_by_role("button", name="Drop unknown characters").click()
    expect(seed).to_have_value(f"{HOSTILE} <b></b>")
    _nothing_came_alive(page)


def _nothing_came_alive(page: Page) -> None:
    """None of the hostile text became an element or a word in bold (dialogs fail the test)."""
    expect(page.locator("img[src='x'], b")).to_have_count(0)
    for tag in ("strong", "code", ".katex"):
        expect(
            main(page).locator(tag).filter(has_text=re.compile("^(bold|code|x2?)"))
        ).to_have_count(0)
