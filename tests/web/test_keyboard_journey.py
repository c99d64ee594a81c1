"""The room's page by keyboard alone: everything is reached, is seen, and lets go again."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.pages import ADA, BEN
from tests.web.test_every_state import STATES

pytestmark = pytest.mark.browser

# What can be focused and seen now, in a modal dialog where one is open. Of radio buttons the
# keyboard reaches one a group.
FOCUSABLE = """() => {
  const open = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document;
  const radios = new Set();
  window.known = [...open.querySelectorAll('a[href], button, input, select, textarea, summary,'
    + ' audio[controls], [tabindex], [contenteditable]')].filter((one) => {
    if (one.tabIndex < 0 || one.matches(':disabled') || one.closest('[inert]')) return false;
    if (!one.checkVisibility({visibilityProperty: true})) return false;
    if (one.type !== 'radio') return true;
    const isNew = !radios.has(one.name);
    radios.add(one.name);
    return isNew;
  });
  window.nameOf = (one) => `${one.tagName} ${one.id || one.name || one.getAttribute('aria-label')
    || one.textContent.trim().slice(0, 40)}`;
  return window.known.map(window.nameOf);
}"""
# What is missing though it is still there: the page may have learned meanwhile who is reading.
MISSING = """(reached) => window.known.filter((one, at) => !reached.includes(at)
  && one.checkVisibility({visibilityProperty: true}) && !one.matches(':disabled'))
  .map(window.nameOf)
"""
# Where the focus is, and what is wrong there: its ring, or what hides it.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const found = window.known.indexOf(one);
  const radio = one.type === 'radio' ? window.known.findIndex((k) => k.name === one.name) : -1;
  const style = getComputedStyle(one);
  const faults = [];
  const width = parseFloat(style.outlineWidth);
  if (style.outlineStyle === 'none' || width < 2) faults.push('no ring');
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const rgba = (colour, under) => {
    canvas.fillStyle = under;
    canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((value) => value / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = [];
  // A ring inside its element stands on the element itself.
  const from = parseFloat(style.outlineOffset) < 0 ? one : one.parentElement;
  for (let at = from; at; at = at.parentElement) {
    behind.unshift(getComputedStyle(at).backgroundColor);
  }
  let ground = 'rgb(255 255 255)';
  for (const colour of behind) ground = `rgb(${rgba(colour, ground).slice(0, 3).join(' ')})`;
  const [a, b] = [light(rgba(style.outlineColor, ground)), light(rgba(ground, ground))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 3) faults.push(`ring of ${ratio.toFixed(1)} : 1`);
  const box = one.getBoundingClientRect();
  const [x, y] = [[0.5, 0.1, 0.9], [0.5, 0.1, 0.9]];
  const isSeen = x.some((across) => y.some((down) => {
    const [left, top] = [box.left + box.width * across, box.top + box.height * down];
    const hit = document.elementFromPoint(left, top);
    return hit && [one, ...one.labels ?? []].some((mine) => mine.contains(hit));
  }));
  if (!isSeen) faults.push('out of view or covered');
  return {at: found < 0 ? radio : found, name: window.nameOf(one), faults};
}"""


def walk(page: Page, key: str) -> tuple[list[int], list[str]]:
    """Press a key until everything was passed, beyond the page's end too; gives faults as well."""
    reached: list[int] = []
    faults: list[str] = []
    count = len(page.evaluate(FOCUSABLE))
    for _ in range(2 * count + 10):
        page.keyboard.press(key)
        focused = page.evaluate(FOCUSED)
        if focused is None or focused["at"] in reached:
            if len(reached) >= count:
                break
            continue
        if focused["at"] >= 0:
            reached.append(focused["at"])
        faults += [f"{focused['name']}: {fault}" for fault in focused["faults"]]
    return reached, faults


def _host_with_everything_open(stage: Any) -> Page:
    stage.answers["GET /v1/session"] = {"user": ADA}
    stage.answers["GET /v1/rooms/r1/participants"] = {
        "items": [
            {"user": ADA, "role": "host", "muted": False, "speaking": False},
            {"user": BEN, "role": "listener", "muted": False, "speaking": False},
        ]
    }
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 'kept')")
    page = STATES["gap"](stage)
    expect(page.locator("#end")).to_be_visible()
    page.locator("#people-button").click()
    page.get_by_role("button", name="Go to…").click()
    return page


def _catching_up_with_its_ways(stage: Any) -> Page:
    page = STATES["catching up"](stage)
    page.get_by_role("button", name="Other ways to go on").click()
    return page


def _keyboard_help(stage: Any) -> Page:
    page = STATES["live"](stage)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


JOURNEYS: dict[str, Callable[[Any], Page]] = {
    "host": _host_with_everything_open,
    "ways to go on": STATES["ways to go on"],
    "catching up": _catching_up_with_its_ways,
    "settings": STATES["settings"],
    "keyboard help": _keyboard_help,
}


@pytest.mark.parametrize("journey", JOURNEYS)
def test_the_keyboard_reaches_everything_is_always_seen_and_is_never_trapped(
    stage: Any, journey: str
) -> None:
    page = JOURNEYS[journey](stage)
    page.evaluate("document.activeElement.blur()")

    there, faults = walk(page, "Tab")

    assert faults == []
    assert page.evaluate(MISSING, there) == [], "not reached with Tab"
    first = there.index(min(there))
    assert there[first:] + there[:first] == sorted(there), "in the order of the page"
    if journey in ("host", "keyboard help"):
        back, faults = walk(page, "Shift+Tab")
        assert faults == []
        assert page.evaluate(MISSING, back) == [], "not reached with Shift and Tab"
