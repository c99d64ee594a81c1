/** @file Cards of lists that are asked for anew: they are drawn when they changed, and keep the focus. */

/**
 * Draw a card, unless it looks the same. What had the focus has it afterwards, found by its
 * class or its kind; where it is gone, the first thing that can be used has it.
 * @param {HTMLElement} card
 * @param {unknown} item what it shows
 * @param {() => (Node | null)[]} parts
 */
export function drawCard(card, item, parts) {
  const looks = JSON.stringify(item);
  if (card.dataset.looks === looks) return;
  const focused = card.contains(document.activeElement) ? document.activeElement : null;
  card.dataset.looks = looks;
  card.replaceChildren(...parts().filter((part) => part !== null));
  if (focused && !focusIn(card, focused.className ? `[class="${focused.className}"]` : focused.localName)) {
    focusIn(card, "a, button, summary, input");
  }
}

/**
 * Lead into a card.
 * @param {Element | null | undefined} card
 * @param {string} selector
 * @returns {boolean} whether it has such a thing
 */
export function focusIn(card, selector) {
  const found = card?.querySelector(selector);
  if (found instanceof HTMLElement) found.focus();
  return found instanceof HTMLElement;
}
