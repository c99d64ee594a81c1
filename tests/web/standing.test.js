/** @file What others took from somebody in a room, and what a page looks through while it is paused. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { LookAhead } from "../../web/look-ahead.js";
import { lossOf } from "../../web/own-standing.js";

const HOST = { id: "h", name: "Hanna" };
const ME = { id: "m", name: "Mia" };

/**
 * @param {string} role
 * @param {{id: string, name: string} | null} by
 */
const you = (role, by = HOST, muted = false) =>
  /** @type {const} */ ({ type: "you", role, muted, invited_by: null, by });

test("who is muted, demoted or removed by somebody else is told so", () => {
  assert.equal(lossOf(you("speaker"), you("speaker", HOST, true), "m"), "muted");
  assert.equal(lossOf(you("speaker"), you("listener"), "m"), "lost");
  assert.equal(lossOf(you("cohost"), you("captioner"), "m"), "lost");
  assert.equal(lossOf(you("listener"), you(""), "m"), "removed");
});

test("what somebody does themselves, gains, or finds on a new page is no loss", () => {
  assert.equal(lossOf(you("speaker"), you("listener", ME), "m"), "");
  assert.equal(lossOf(you("speaker"), you("speaker", ME, true), "m"), "");
  assert.equal(lossOf(you("speaker"), you("", ME), "m"), "");
  assert.equal(lossOf(you("speaker"), you("", null), "m"), "", "the room has ended");
  assert.equal(lossOf(you("listener"), you("speaker"), "m"), "");
  assert.equal(lossOf(you("speaker", HOST, true), you("speaker"), "m"), "");
  assert.equal(lossOf(null, you("listener", HOST, true), "m"), "");
});

/** @param {...number} seqs */
const history = (...seqs) =>
  /** @type {any} */ ({ type: "history", items: seqs.map((seq) => ({ type: "gap", seq })), more: true });

test("what is held back is asked for once, and the answer alone is kept from the page", () => {
  /** @type {object[]} */
  const asked = [];
  const ahead = new LookAhead((page) => asked.push(page) > 0);
  ahead.waiting(4, 4);
  assert.equal(ahead.takes(history(1, 2)), false);
  ahead.waiting(4, 6);
  assert.deepEqual(asked, [{ before: 7, limit: 2 }]);
  assert.equal(ahead.takes(history(1, 2)), false, "a page that the reader scrolled to");
  ahead.waiting(4, 7);
  assert.deepEqual(asked[1], { before: 8, limit: 1 }, "what was asked for already is not asked for again");
  assert.equal(ahead.takes(history(5, 6)), true);
  assert.equal(ahead.takes(history(5, 6)), false);
  assert.equal(ahead.takes(history(7)), true);
});

test("no more is asked for than the server gives, and nothing is awaited over a lost connection", () => {
  /** @type {{before: number, limit: number}[]} */
  const asked = [];
  const ahead = new LookAhead((page) => asked.push(page) > 0);
  ahead.waiting(0, 2000);
  assert.deepEqual(asked, [{ before: 2001, limit: 500 }]);
  ahead.takes(/** @type {any} */ ({ type: "welcome", seq: 2000 }));
  assert.equal(ahead.takes(history(1501, 2000)), false);
});
