import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.localStorage = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
const { Visit } = await import("../../web/reading-place.js");

const at = (seq) => ({ seq, track: "" });
const leaving = (nowMs) => ({ leaving: true, nowMs });
const pausing = (nowMs) => ({ leaving: false, nowMs });

test("where the reader stops is their place", () => {
  const visit = new Visit(0);
  assert.equal(visit.stopped(at(7), pausing(10)), true);
  assert.deepEqual(visit.place, at(7));
  assert.equal(visit.stopped(at(7), leaving(20)), false);
});

test("a place that was not visited outlives a short visit, pauses and all", () => {
  const visit = new Visit(0);
  visit.found(at(3));
  assert.equal(visit.stopped(at(90), leaving(5000)), false);
  assert.equal(visit.stopped(at(90), pausing(60_000)), false);
  assert.deepEqual(visit.place, at(3));
});

test("who has read on for a while has a new place when leaving", () => {
  const visit = new Visit(0);
  visit.found(at(3));
  assert.equal(visit.stopped(at(90), leaving(60_000)), true);
});

test("once visited or marked anew, the place moves on", () => {
  const visited = new Visit(0);
  visited.found(at(3));
  visited.visited();
  assert.equal(visited.stopped(at(9), pausing(10)), true);

  const marked = new Visit(0);
  marked.found(at(3));
  assert.equal(marked.marked(at(5)), true);
  assert.deepEqual(marked.place, at(5));
});

test("a marked place stays until its reader has gone there", () => {
  const visit = new Visit(0);
  visit.marked(at(5));
  assert.equal(visit.stopped(at(90), leaving(60_000)), false);
  visit.reached();
  assert.equal(visit.stopped(at(90), pausing(60_000)), true);
});

test("before anything was said there is no place", () => {
  assert.equal(new Visit(0).stopped(at(0), leaving(10)), false);
});
