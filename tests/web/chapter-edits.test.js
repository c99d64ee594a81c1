import assert from "node:assert/strict";
import { test } from "node:test";
import { added, changed, chapterTitle, merged, removed } from "../../web/chapter-edits.js";
import { ChapterKeeper } from "../../web/chapter-keeper.js";

const of = (/** @type {Record<number, string>} */ titles) =>
  Object.entries(titles).map(([start, title]) => ({ start_s: Number(start), title }));
const ABC = of({ 0: "A", 60: "B", 120: "C" });

test("a chapter is added in its place, and the first one makes the beginning a chapter too", () => {
  assert.deepEqual(added(ABC, { start_s: 90.00049, title: "N" }, "Beginning"), of({ 0: "A", 60: "B", 90: "N", 120: "C" }));
  assert.deepEqual(added([], { start_s: 9, title: "N" }, "Beginning"), of({ 0: "Beginning", 9: "N" }));
  assert.deepEqual(added([], { start_s: 0, title: "N" }, "Beginning"), of({ 0: "N" }));
});

test("chapters stay in the order of time, and the first one begins the recording", () => {
  assert.deepEqual(changed(ABC, 1, { start_s: 130 }), of({ 0: "A", 120: "C", 130: "B" }));
  assert.deepEqual(removed(ABC, 0), of({ 0: "B", 120: "C" }));
  assert.deepEqual(removed(of({ 0: "A" }), 0), []);
});

test("a chapter is called by who speaks and their first words", () => {
  const said = (/** @type {string} */ text) => chapterTitle(/** @type {any} */ ({ text, speaker: { id: "u1", name: "Ada" } }));
  assert.equal(said("Good  morning."), "Ada: Good morning.");
  assert.equal(said("word ".repeat(20)), `Ada: ${"word ".repeat(12).trim()}…`);
  assert.equal(said("长".repeat(70)), `Ada: ${"长".repeat(60)}…`);
  assert.equal(chapterTitle(null), "");
});

const ways = {
  "a renamed chapter and another that was removed": [
    changed(ABC, 1, { title: "mine" }), removed(ABC, 2), of({ 0: "A", 60: "mine" })],
  "a moved chapter that got another title": [
    changed(ABC, 1, { start_s: 70 }), changed(ABC, 1, { title: "theirs" }), of({ 0: "A", 70: "theirs" , 120: "C" })],
  "two new ones": [
    added(ABC, { start_s: 30, title: "M" }, ""), added(ABC, { start_s: 90, title: "T" }, ""),
    of({ 0: "A", 30: "M", 60: "B", 90: "T", 120: "C" })],
  "the same twice": [
    added(removed(ABC, 2), { start_s: 30, title: "M" }, ""), added(removed(ABC, 2), { start_s: 30, title: "M" }, ""),
    of({ 0: "A", 30: "M", 60: "B" })],
  "a removed first one, and a renamed second one": [
    removed(ABC, 0), changed(ABC, 2, { title: "theirs" }), of({ 0: "B", 120: "theirs" })],
};
for (const [name, [mine, theirs, both]] of Object.entries(ways)) {
  test(`two people's changes come together: ${name}`, () => {
    assert.deepEqual(merged({ before: ABC, after: mine ?? [] }, theirs ?? []), both);
    assert.deepEqual(merged({ before: ABC, after: theirs ?? [] }, mine ?? []), both);
  });
}

test("two people who changed the same in different ways are at odds", () => {
  const mine = changed(ABC, 1, { title: "mine" });
  assert.equal(merged({ before: ABC, after: mine }, changed(ABC, 1, { title: "theirs" })), null);
  assert.equal(merged({ before: ABC, after: mine }, removed(ABC, 1)), null);
  const there = added(ABC, { start_s: 30, title: "mine" }, "");
  assert.equal(merged({ before: ABC, after: there }, added(ABC, { start_s: 30, title: "theirs" }, "")), null);
});

/** A server that keeps chapters, and may refuse. */
class Server {
  kept = { rev: 1, edited: false, items: ABC };
  broken = false;
  mine = true;
  both = 0;
  keeper = new ChapterKeeper({
    read: async () => this.kept,
    write: async (rev, items) => this.write(rev, [...items]),
    find: async () => (this.kept = { rev: this.kept.rev + 1, edited: false, items: ABC }),
    decide: async () => this.mine,
    isStale: (error) => error === "stale",
    onChange: () => {},
    onBoth: () => (this.both += 1),
  });

  /**
   * @param {number} rev
   * @param {typeof ABC} items
   */
  write(rev, items) {
    if (this.broken) throw new Error("no network");
    if (rev !== this.kept.rev) throw "stale";
    return (this.kept = { rev: rev + 1, edited: true, items });
  }
}

function begun() {
  const server = new Server();
  server.keeper.are(server.kept);
  return server;
}

test("steps are kept at once, and taken back one by one without what others did", async () => {
  const server = begun();
  const { keeper } = server;
  await keeper.change(changed(keeper.items, 1, { title: "mine" }));
  await keeper.change(removed(keeper.items, 2));
  assert.deepEqual(server.kept.items, of({ 0: "A", 60: "mine" }));
  server.write(server.kept.rev, changed(server.kept.items, 0, { title: "theirs" }));
  await keeper.undo();
  assert.equal(server.both, 1);
  assert.deepEqual(server.kept.items, of({ 0: "theirs", 60: "mine", 120: "C" }));
  await keeper.undo();
  assert.deepEqual(server.kept.items, of({ 0: "theirs", 60: "B", 120: "C" }));
  assert.equal(keeper.canUndo, false);
});

test("of two that are at odds one is chosen, and undo brings the other one back", async () => {
  for (const mine of [true, false]) {
    const server = begun();
    const { keeper } = server;
    server.mine = mine;
    server.write(1, changed(ABC, 1, { title: "theirs" }));
    await keeper.change(changed(keeper.items, 1, { title: "mine" }));
    assert.equal(server.kept.items[1]?.title, mine ? "mine" : "theirs");
    assert.deepEqual(keeper.items, server.kept.items);
    await keeper.undo();
    assert.equal(server.kept.items[1]?.title, mine ? "theirs" : "mine");
  }
});

test("what could not be kept is shown, and kept later or given up", async () => {
  const server = begun();
  const { keeper } = server;
  server.broken = true;
  await keeper.change(removed(keeper.items, 2));
  await keeper.change(removed(keeper.items, 1));
  assert.match(String(keeper.error), /no network/);
  assert.deepEqual(keeper.items, of({ 0: "A" }));
  await keeper.undo();
  assert.deepEqual(keeper.items, of({ 0: "A", 60: "B" }));
  server.broken = false;
  await keeper.retry();
  assert.equal(keeper.error, null);
  assert.deepEqual(server.kept.items, of({ 0: "A", 60: "B" }));
});

test("what is pressed while a change is being kept is about that change, not the one before it", async () => {
  const { keeper } = begun();
  await keeper.change(removed(keeper.items, 2));
  await Promise.all([keeper.change(changed(keeper.items, 1, { title: "mine" })), keeper.undo()]);
  assert.deepEqual(keeper.items, of({ 0: "A", 60: "B" }));
  await Promise.all([keeper.change(changed(keeper.items, 1, { title: "mine" })), keeper.findAgain()]);
  assert.equal(keeper.edited, false);
  assert.deepEqual(keeper.items, ABC);
});

test("nothing is put back at a time of before a cut", async () => {
  const { keeper } = begun();
  await keeper.change(removed(keeper.items, 2));
  keeper.forget();
  assert.equal(keeper.canUndo, false);
});

test("undo brings back what was edited before the automatic ones", async () => {
  const server = begun();
  const { keeper } = server;
  await keeper.change(removed(keeper.items, 1));
  await keeper.findAgain();
  assert.equal(keeper.edited, false);
  assert.deepEqual(keeper.items, ABC);
  await keeper.undo();
  assert.deepEqual(keeper.items, of({ 0: "A", 120: "C" }));
});
