"""The ways in which a page is looked at, and what must hold in each: `LOOKS`, `faults`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
AXE_OPTIONS = {
    "rules": {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}}
}
# WCAG 2.2, 1.4.12.
TEXT_SPACING = """
    * { line-height: 1.5 !important; letter-spacing: .12em !important;
        word-spacing: .16em !important; }
    p { margin-block-end: 2em !important; }
"""
# Every control that can be seen and is smaller than 44 by 44 pixels together with its label
# (WCAG 2.5.5), or with what it covers beside its text. Links and words within a sentence are free;
# what is about to be focused only, too.
SMALL_TARGETS = """() => [...document.querySelectorAll(
    'a, button, input, select, textarea, summary, [tabindex="0"]')].filter((element) => {
  if (!element.checkVisibility({visibilityProperty: true, opacityProperty: true})) return false;
  if (element.closest('.skip, .visually-hidden')) return false;
  if (element.matches('p a:not(.links a), p .word')) return false;
  const own = element.getBoundingClientRect();
  const boxes = [own, ...[...element.labels ?? []].map((label) => label.getBoundingClientRect())];
  const cover = getComputedStyle(element, '::after');
  const [wide, tall] = cover.position === 'absolute' ? [cover.width, cover.height] : ['0', '0'];
  const width = Math.max(parseFloat(wide),
    Math.max(...boxes.map((b) => b.right)) - Math.min(...boxes.map((b) => b.left)));
  const height = Math.max(parseFloat(tall),
    Math.max(...boxes.map((b) => b.bottom)) - Math.min(...boxes.map((b) => b.top)));
  return own.width > 0 && (width < 43.5 || height < 43.5);
}).map((element) => element.outerHTML.slice(0, 120))"""


def _small(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})


def _zoomed(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 by 1024 at 400 %


def _styled(css: str) -> Callable[[Page], None]:
    script = "css => { document.getElementById('look').textContent = css }"
    return lambda page: page.evaluate(script, css)


def _right_to_left(page: Page) -> None:
    page.evaluate("document.documentElement.dir = 'rtl'")


# A new way to look at pages is one entry here; every state is walked through it. axe looks where
# colours or places change; the others are measured alone.
AXE_LOOKS = ("desktop", "dark", "forced colours", "320 px", "text spacing")
LOOKS: dict[str, Callable[[Page], None]] = {
    "desktop": lambda page: None,
    "dark": lambda page: page.emulate_media(color_scheme="dark"),
    "forced colours": lambda page: page.emulate_media(forced_colors="active"),
    "reduced motion": lambda page: page.emulate_media(reduced_motion="reduce"),
    "320 px": _small,
    "400 %": _zoomed,
    "large text": _styled("html { font-size: 200% }"),
    "text spacing": _styled(TEXT_SPACING),
    "right to left": _right_to_left,
}


def _usual(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="no-preference")
    page.evaluate("""() => {
        document.documentElement.dir = 'ltr';
        if (!document.getElementById('look')) {
            const style = document.createElement('style');
            style.id = 'look';
            document.head.append(style);
        }
        document.getElementById('look').textContent = '';
        document.getAnimations().forEach((animation) => animation.finish());
    }""")


def faults_in_every_look(page: Page) -> list[tuple[str, ...]]:
    """Look at the page in every way; gives what is wrong, with the look's name."""
    found: list[tuple[str, ...]] = []
    for name, look in LOOKS.items():
        _usual(page)
        look(page)
        found += [(name, *fault) for fault in faults(page, axe=name in AXE_LOOKS)]
    _usual(page)
    return found


def faults(page: Page, *, axe: bool = True) -> list[tuple[str, ...]]:
    """What axe finds, what is cut off sideways, and targets that are too small."""
    found = _axe(page) if axe else []
    wide, width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if wide > width:
        found.append(("sideways", f"{wide} pixels wide in {width}"))
    found += [("small target", html) for html in page.evaluate(SMALL_TARGETS)]
    return found


def check_accessibility(page: Page) -> None:
    """Fail with whatever axe finds."""
    assert _axe(page) == []


def _axe(page: Page) -> list[tuple[str, ...]]:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm install")
    # Interims owe 4.5 to 1, not 7 to 1: the tests of caption styles hold them to it.
    script = "all => { for (const e of all) e.classList.remove('interim') }"
    page.locator(".caption.interim").evaluate_all(script)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    violations = page.evaluate("options => axe.run(document, options)", AXE_OPTIONS)["violations"]
    return [
        (broken["id"], node["html"], node["failureSummary"])
        for broken in violations
        for node in broken["nodes"]
    ]
