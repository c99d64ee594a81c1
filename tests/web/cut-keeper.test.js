import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { CutKeeper, isStale } from "../../web/cut-keeper.js";

/** @typedef {import("../../web/edited-time.js").Cut} Cut */

const cut = (/** @type {number} */ start) => ({ start_s: start, end_s: start + 1 });

/** The server's side: states of the cuts, with a revision. */
class Server {
  rev = 0;
  at = 1;
  /** @type {Cut[][]} */
  states = [[], [cut(1), cut(5)]];

  shown() {
    const can = { can_undo: this.at > 0, can_redo: this.at + 1 < this.states.length };
    return { rev: this.rev, cuts: this.states[this.at], duration_s: 75, left_s: 70, ...can };
  }

  /** @param {Cut[]} cuts */
  change(cuts) {
    this.states = [...this.states.slice(0, this.at + 1), cuts];
    this.at += 1;
    this.rev += 1;
  }

  fetch = async (/** @type {string} */ url, /** @type {RequestInit} */ { method, body }) => {
    const asked = body ? JSON.parse(String(body)) : null;
    if (asked && asked.rev !== this.rev) {
      return Response.json({ type: "urn:roomscribe:stale-revision", title: "Stale" }, { status: 409 });
    }
    if (method === "PUT") this.change(asked.cuts);
    if (method === "POST") {
      this.at += url.endsWith("undo") ? -1 : 1;
      this.rev += 1;
    }
    return Response.json(this.shown());
  };
}

const { fetch, localStorage } = globalThis;
beforeEach(() => {
  Object.defineProperty(globalThis, "localStorage", { value: { getItem: () => null }, configurable: true });
});
afterEach(() => {
  globalThis.fetch = fetch;
  Object.defineProperty(globalThis, "localStorage", { value: localStorage, configurable: true });
});

async function begun() {
  const server = new Server();
  globalThis.fetch = /** @type {any} */ (server.fetch);
  const keeper = new CutKeeper("rec1", () => {});
  await keeper.read();
  return { server, keeper };
}

const without = (/** @type {number} */ start) => (/** @type {readonly Cut[]} */ cuts) => cuts.filter((one) => one.start_s !== start);

test("what is pressed before an answer is there is done to what the answer has", async () => {
  const { server, keeper } = await begun();
  await Promise.all([keeper.keep(without(1)), keeper.keep(without(5))]);
  assert.deepEqual(server.shown().cuts, []);
  await Promise.all([keeper.undo(), keeper.undo(), keeper.undo()]);
  assert.deepEqual(server.shown().cuts, []);
  assert.equal(server.at, 0);
  await Promise.all([keeper.redo(), keeper.redo()]);
  assert.deepEqual(keeper.now.cuts, [cut(5)]);
});

test("nothing is asked for twice, or when there is nothing left to be taken back", async () => {
  const { server, keeper } = await begun();
  await Promise.all([keeper.keep(without(1)), keeper.keep(without(1))]);
  assert.equal(server.rev, 1);
  await Promise.all([keeper.undo(), keeper.undo(), keeper.undo()]);
  assert.equal(server.rev, 3);
});

test("who was not quick enough is told, and the next change is one of what somebody else has left", async () => {
  const { server, keeper } = await begun();
  server.change([cut(1), cut(9)]);
  await assert.rejects(keeper.keep(without(1)), isStale);
  await keeper.keep(without(1));
  assert.deepEqual(server.shown().cuts, [cut(9)]);
});
