/** @file Small ways to find and make elements. */

import { text } from "./strings.js";

/**
 * An element of the page that must be there.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @param {new () => T} [kind]
 * @returns {T}
 */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (!found || (kind && !(found instanceof kind))) throw new Error(`the page has no #${id}`);
  return /** @type {T} */ (found);
}

/**
 * Make an element; properties are set as attributes, children may be text.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes]
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/**
 * Put the page's texts where `data-t` (content) and `data-t-label` (accessible name) ask for them.
 * @param {ParentNode} root
 */
export function fillTexts(root) {
  for (const element of root.querySelectorAll("[data-t]")) {
    element.textContent = text(/** @type {HTMLElement} */ (element).dataset.t ?? "");
  }
  for (const element of root.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", text(/** @type {HTMLElement} */ (element).dataset.tLabel ?? ""));
  }
}

/**
 * Set a text only when it changed, so that nothing is announced or repainted twice.
 * @param {HTMLElement} element
 * @param {string} value
 */
export function setText(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

/**
 * Make the children of an element the wanted ones, in order, keeping those that are there already.
 * @template T
 * @param {HTMLElement} parent
 * @param {readonly T[]} items
 * @param {{from?: number, key: (item: T) => string, create: (item: T) => HTMLElement,
 *   update: (element: HTMLElement, item: T) => void}} how children before `from` are left alone
 */
export function reconcile(parent, items, { from = 0, key, create, update }) {
  const wanted = new Set(items.map(key));
  /** @type {Map<string, HTMLElement>} */
  const known = new Map();
  // What goes is taken away first: what stays need not move then, and keeps focus and selection.
  for (const child of [...parent.children].slice(from)) {
    const element = /** @type {HTMLElement} */ (child);
    if (wanted.has(element.dataset.key ?? "")) known.set(element.dataset.key ?? "", element);
    else element.remove();
  }
  let place = /** @type {Element | null} */ (parent.children[from] ?? null);
  for (const item of items) {
    const name = key(item);
    const element = known.get(name) ?? create(item);
    element.dataset.key = name;
    update(element, item);
    if (element === place) place = place.nextElementSibling;
    else parent.insertBefore(element, place);
  }
}
