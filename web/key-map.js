/** @file Which key asks for which action: what a listener changed, over what is usual. Pure. */

/**
 * @typedef {{key: string, ctrlKey: boolean, altKey: boolean, metaKey: boolean}} Press
 * @typedef {{done: true} | {done: false, takenBy: string}} Assigned
 */

/**
 * A key press as it is kept: `p`, `?`, `Alt+p`; "" for what cannot be a shortcut, which are the keys
 * that browsers, assistive technology and controls need themselves (Tab, Escape, arrows, Space …).
 * @param {Press} press
 * @returns {string}
 */
export function keyOf({ key, ctrlKey, altKey, metaKey }) {
  if ([...key].length !== 1 || !key.trim()) return "";
  const held = [ctrlKey && "Ctrl+", altKey && "Alt+", metaKey && "Meta+"].filter(Boolean);
  return `${held.join("")}${key.toLowerCase()}`;
}

/**
 * Whether a key works without Ctrl, Alt or Meta (WCAG 2.1.4 lets those be turned off).
 * @param {string} key
 */
export function isSingle(key) {
  return [...key].length === 1;
}

/**
 * A key as people read it.
 * @param {string} key
 */
export function keyLabel(key) {
  const at = key.length - ([...key].at(-1)?.length ?? 0);
  return `${key.slice(0, at)}${key.slice(at).toUpperCase()}`;
}

/** The keys of a page's actions. No two actions share one; an action may have none (""). */
export class KeyMap {
  #usual;
  /** @type {Map<string, string>} */
  #keys = new Map();

  /**
   * @param {Readonly<Record<string, string>>} usual each action's usual key
   * @param {unknown} kept what `asJson` gave earlier; whatever cannot be used is left out
   */
  constructor(usual, kept) {
    this.#usual = usual;
    const chosen = kept !== null && typeof kept === "object" ? Object.entries(kept) : [];
    for (const [action, key] of chosen) {
      if (action in usual && isKey(key) && !this.actionFor(key)) this.#keys.set(action, key);
    }
    // What the listener chose counts more than the usual key of an action that is new to them.
    for (const [action, key] of Object.entries(usual)) {
      if (!this.#keys.has(action)) this.#keys.set(action, this.actionFor(key) ? "" : key);
    }
  }

  /** @param {string} action */
  keyFor(action) {
    return this.#keys.get(action) ?? "";
  }

  /**
   * @param {string} key
   * @returns {string} the action, or ""
   */
  actionFor(key) {
    if (!key) return "";
    for (const [action, taken] of this.#keys) if (taken === key) return action;
    return "";
  }

  /**
   * Give an action another key, or none; a key that another action has stays there.
   * @param {string} action
   * @param {string} key
   * @returns {Assigned}
   */
  assign(action, key) {
    const takenBy = this.actionFor(key);
    if (takenBy && takenBy !== action) return { done: false, takenBy };
    this.#keys.set(action, key);
    return { done: true };
  }

  /** Whether every action has its usual key. */
  get isUsual() {
    return Object.keys(this.asJson()).length === 0;
  }

  /** @returns {Record<string, string>} what differs from the usual */
  asJson() {
    return Object.fromEntries([...this.#keys].filter(([action, key]) => this.#usual[action] !== key));
  }
}

/**
 * @param {unknown} value
 * @returns {value is string}
 */
function isKey(value) {
  return typeof value === "string" && /^((Ctrl\+)?(Alt\+)?(Meta\+)?\S)?$/u.test(value);
}
