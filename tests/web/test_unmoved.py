"""Whatever comes and whatever changes, the reader's line stays, and nothing else is drawn."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.pages import ADA, BEN, at_end, captions, filled_room, scroll_top

pytestmark = pytest.mark.browser

LONG = "and so on with many more words than would ever fit into a single line of captions here"
WATCH = """() => {
  window.mutations = 0;
  const all = {subtree: true, childList: true, characterData: true, attributes: true};
  new MutationObserver((records) => { window.mutations += records.length; })
    .observe(document.querySelector("#captions"), all);
}"""
# The caption that the reader looks at: the first whole one in view, and how far down it begins.
LOOKED_AT = """() => {
  const top = document.querySelector("#captions").getBoundingClientRect().top;
  const boxes = [...document.querySelectorAll("#turns .caption")]
    .map((one) => [one.dataset.key, one.getBoundingClientRect().top - top]);
  return boxes.find(([, down]) => down >= 0);
}"""
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def wordy_room(stage: Any, count: int) -> Page:
    for number in range(1, count + 1):
        words = LONG[: 10 + number * 7 % len(LONG)]
        stage.say(f"Sentence {number}, {words}.", speaker=(ADA, BEN)[number // 3 % 2])
    page: Page = stage.open("/rooms/r1")
    expect(captions(page).last).to_contain_text(f"Sentence {count},")
    return page


def stand_in_the_middle(page: Page, number: int) -> None:
    page.keyboard.press("t")
    page.keyboard.type(str(number * 3))
    page.keyboard.press("Enter")
    expect(captions(page).filter(has_text=f"Sentence {number},")).to_be_in_viewport()
    expect(page.locator("#mode")).to_contain_text("Paused")


def where(page: Page, key: str) -> float:
    script = """(key) => {
      const top = (name) => document.querySelector(name).getBoundingClientRect().top;
      return top(`#turns [data-key="${key}"]`) - top("#captions");
    }"""
    return float(page.evaluate(script, key))


def settled(page: Page, key: str) -> float:
    """Give where a caption is once it has come to rest."""
    places = [where(page, key)]
    while len(places) < 3 or len(set(places[-3:])) > 1:
        page.evaluate(FRAMES)
        places.append(where(page, key))
    return places[-1]


def test_nothing_that_comes_touches_the_captions_of_a_paused_reader(stage: Any) -> None:
    page = filled_room(stage, 60)
    stage.interim("still being said", id="c61")
    page.keyboard.press("p")
    expect(page.locator("#mode")).to_have_text("Paused · 0 new captions")
    page.evaluate(FRAMES)
    top = scroll_top(page)
    page.evaluate(WATCH)

    for number in range(50):
        for rev in range(1, 5):
            stage.send(
                {
                    "type": "interim",
                    "id": f"n{number}",
                    "rev": rev,
                    "start": 200.0 + number,
                    "end": 201.0 + number,
                    "speaker": ADA,
                    "text": "word " * rev,
                    "stable": 0,
                }
            )
        stage.say(f"Said meanwhile {number}.", id=f"n{number}")
        if number % 10 == 0:
            stage.correct(f"c{50 + number // 10}", "Another text.")
            stage.gap(300 + number, 301 + number, "overload")
    stage.send({"type": "speaking", "speaker": BEN, "on": True, "t": 9})
    stage.send({"type": "status", "delay": 2.5, "state": "behind", "note": ""})
    stage.send({"type": "room", "state": "live", "participants": 3, "recording": "on"})

    expect(page.locator("#mode")).to_have_text("Paused · 50 new captions")
    expect(page.locator("#health")).to_contain_text("2.5 s behind")
    assert page.evaluate("window.mutations") == 0
    assert scroll_top(page) == top


@pytest.mark.parametrize("place", ["in the middle", "at the live end"])
def test_the_line_that_a_paused_reader_looks_at_stays_through_any_change_of_looks(
    stage: Any, place: str
) -> None:
    page = wordy_room(stage, 300)
    if place == "in the middle":
        stand_in_the_middle(page, 150)
    else:
        page.keyboard.press("p")
        expect(page.locator("#mode")).to_contain_text("Paused")
    page.evaluate(FRAMES)
    page.wait_for_timeout(200)  # the movement is over
    panel = page.locator("#panel")
    key, down = page.evaluate(LOOKED_AT)
    changes = {
        "upper case": "e => e.style.setProperty('--cap-case', 'uppercase')",
        "another style of names": """e => {
            const style = document.createElement('style');
            style.textContent = '.turn-head { padding-block: 7px }';
            document.head.append(style);
        }""",
        "a late typeface": """async (e) => {
            e.style.setProperty('--cap-font', 'Late, serif');
            await new Promise((done) => setTimeout(done, 50));
            const file = '/web/vendor/opendyslexic-latin-400-normal.woff2';
            document.fonts.add(await new FontFace('Late', `url(${file})`).load());
        }""",
        "larger": "e => e.style.setProperty('--cap-size', '2.2')",
        "lines shown": """e => {
            e.style.setProperty('--cap-lines', 6);
            e.classList.add('few-lines');
        }""",
        "smaller": "e => e.style.setProperty('--cap-size', '0.8')",
        "all lines": "e => e.classList.remove('few-lines')",
    }

    for what, change in changes.items():
        height = page.locator("#turns").evaluate("e => e.scrollHeight")
        panel.evaluate(change)
        page.evaluate(FRAMES)
        now = settled(page, key)
        assert abs(now - down) <= 1, f"{what} moved the line by {now - down:.0f} pixels"
        assert page.locator("#turns").evaluate("e => e.scrollHeight") != height, what


def test_thousands_of_missed_captions_at_once_keep_the_page_small_and_the_reader_in_place(
    stage: Any,
) -> None:
    page = filled_room(stage, 60)
    page.keyboard.press("p")
    expect(page.locator("#mode")).to_have_text("Paused · 0 new captions")
    for number in range(61, 3061):
        stage.say(f"This is sentence number {number}.", speaker=(ADA, BEN)[number % 2])
    expect(page.locator("#mode")).to_have_text("Paused · 3,000 new captions")
    key, down = page.evaluate(LOOKED_AT)
    page.evaluate(WATCH)

    page.get_by_role("button", name="Other ways to go on").click()
    page.get_by_role("button", name="Show 3,000 missed captions at once").click()

    expect(captions(page).filter(has_text="This is sentence number 61.")).to_have_count(1)
    expect(page.locator("#mode")).to_have_text("Reading on. Live captions are added below.")
    assert abs(where(page, key) - down) <= 1
    assert captions(page).count() < 500
    assert page.evaluate("window.mutations") < 1500
    for _ in range(12):
        page.keyboard.press("PageDown")
        page.wait_for_timeout(60)
    numbers = [int(text.split()[-1].strip(".")) for text in captions(page).all_inner_texts()]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "none lost, none twice"
    assert not at_end(page)
    page.keyboard.press("l")
    expect(captions(page).last).to_have_text("This is sentence number 3060.")
