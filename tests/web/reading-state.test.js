import assert from "node:assert/strict";
import { test } from "node:test";
import { ReadingState } from "../../web/reading-state.js";

test("scrolling up pauses", () => {
  const state = new ReadingState();
  const request = state.scrolled({ up: true, atEnd: false, latestSeq: 7 });
  assert.deepEqual(request, { type: "pause" });
  assert.equal(state.frozenSeq, 7);
});

test("content that grows does not pause", () => {
  const state = new ReadingState();
  assert.equal(state.scrolled({ up: false, atEnd: false, latestSeq: 7 }), null);
  assert.equal(state.following, true);
});

test("scrolling down to the end goes on reading where the reader is", () => {
  const state = new ReadingState();
  state.scrolled({ up: true, atEnd: false, latestSeq: 7 });

  const request = state.scrolled({ up: false, atEnd: true, latestSeq: 7 });

  assert.deepEqual(request, { type: "resume", mode: "replay" });
  assert.equal(state.mode, "reading");
  assert.equal(state.following, false);
});

test("reading on becomes live at the end", () => {
  const state = new ReadingState();
  state.pause(7, "button");
  state.resume("replay", 7);
  state.scrolled({ up: false, atEnd: true, latestSeq: 9 });
  assert.equal(state.mode, "live");
});

test("the pause button holds, also at the end", () => {
  const state = new ReadingState();
  state.pause(7, "button");
  assert.equal(state.scrolled({ up: false, atEnd: true, latestSeq: 7 }), null);
  assert.equal(state.paused, true);
});

test("the pause button makes a pause by scrolling hold", () => {
  const state = new ReadingState();
  state.pause(7, "scroll");
  assert.equal(state.pause(9, "button"), null);
  assert.equal(state.scrolled({ up: false, atEnd: true, latestSeq: 9 }), null);
  assert.equal(state.frozenSeq, 7);
});

test("catching up ends at the last caption that waited", () => {
  const state = new ReadingState();
  state.pause(7, "button");
  state.pending({ count: 3, latest_seq: 10 });
  state.resume("catch-up", 7);

  state.caughtUpTo(9);
  assert.equal(state.mode, "catching-up");
  state.pending({ count: 1, latest_seq: 10 });
  assert.equal(state.heldByServer, 1);
  state.caughtUpTo(10);

  assert.equal(state.mode, "live");
  assert.equal(state.heldByServer, 0);
});

test("what waits beside captions is not counted, and caught up with all the same", () => {
  const state = new ReadingState();
  state.pause(7, "button");
  state.pending({ count: 0, latest_seq: 9 });
  assert.equal(state.heldByServer, 0);

  state.resume("catch-up", 7);
  assert.equal(state.mode, "catching-up");
  state.caughtUpTo(8);
  assert.equal(state.mode, "catching-up");
  state.caughtUpTo(9);
  assert.equal(state.mode, "live");
});

test("a count that was on its way when the reader went on is not shown", () => {
  const state = new ReadingState();
  state.pause(7, "button");
  state.resume("live", 7);
  state.pending({ count: 3, latest_seq: 10 });
  assert.equal(state.heldByServer, 0);
});

test("catching up goes on to what is said meanwhile", () => {
  const state = new ReadingState();
  state.pause(7, "button");
  state.pending({ count: 2, latest_seq: 9 });
  state.resume("catch-up", 7);
  state.caughtUpTo(8);
  state.pending({ count: 2, latest_seq: 10 });

  state.caughtUpTo(9);
  assert.equal(state.mode, "catching-up");
  state.caughtUpTo(10);
  assert.equal(state.mode, "live");
});

test("catching up with nothing is being live", () => {
  const state = new ReadingState();
  state.pause(7, "button");
  assert.deepEqual(state.resume("catch-up", 7), { type: "resume", mode: "catch-up" });
  assert.equal(state.mode, "live");
});

test("who catches up can jump to live", () => {
  const state = new ReadingState();
  state.pause(7, "button");
  state.pending({ count: 3, latest_seq: 10 });
  state.resume("catch-up", 7);
  assert.deepEqual(state.resume("live", 7), { type: "resume", mode: "live" });
});

test("jumping to live is always asked for: the server may hold something back", () => {
  assert.deepEqual(new ReadingState().resume("live", 0), { type: "resume", mode: "live" });
});

test("who loses the connection while catching up goes on reading where they are", () => {
  const state = new ReadingState();
  state.pause(7, "button");
  state.pending({ count: 30, latest_seq: 37 });
  state.resume("catch-up", 7);
  state.caughtUpTo(9);

  state.reconnected();

  assert.equal(state.mode, "reading");
  assert.equal(state.following, false);
});

test("a few missed captions are sent at once, and many are loaded as the reader comes to them", () => {
  const few = new ReadingState();
  few.pause(7, "button");
  few.pending({ count: 100, latest_seq: 107 });
  assert.deepEqual(few.resume("replay", 7), { type: "resume", mode: "replay" });
  assert.equal(few.skippedTo, 0);

  const many = new ReadingState();
  many.pause(7, "button");
  many.pending({ count: 9000, latest_seq: 9007 });
  assert.deepEqual(many.resume("replay", 7), { type: "resume", mode: "live" });
  assert.equal(many.mode, "reading");
  assert.equal(many.skippedTo, 9007);
});

test("who scrolls back while catching up goes on catching up at the end", () => {
  const state = new ReadingState();
  state.pause(7, "button");
  state.pending({ count: 30, latest_seq: 37 });
  state.resume("catch-up", 7);
  assert.deepEqual(state.scrolled({ up: true, atEnd: false, latestSeq: 9 }), { type: "pause" });
  state.pending({ count: 28, latest_seq: 37 });

  assert.deepEqual(state.scrolled({ up: false, atEnd: true, latestSeq: 9 }), { type: "resume", mode: "catch-up" });
  assert.equal(state.mode, "catching-up");
});

test("who has read on to the end follows from there", () => {
  const state = new ReadingState();
  state.pause(7, "button");
  state.resume("replay", 7);
  state.reachedEnd();
  assert.equal(state.mode, "live");
});

test("what the server counted before it was asked to jump was skipped, too", () => {
  const state = new ReadingState();
  state.pause(7, "button");
  state.pending({ count: 3, latest_seq: 10 });
  state.resume("live", 7);
  state.pending({ count: 5, latest_seq: 12 });
  assert.deepEqual([state.skippedTo, state.mode, state.heldByServer], [12, "live", 0]);
});
