import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockHeights } from "../../web/block-heights.js";
import { pageOf } from "../../web/history-loader.js";

const turn = (key, length) => ({ kind: "turn", key, captions: [{ text: "x".repeat(length) }] });
const hole = (from, to) => ({ kind: "hole", key: `hole-${from}`, from, to });

function heightsOf(...blocks) {
  const heights = new BlockHeights();
  heights.use(blocks.length, (index) => blocks[index]);
  return heights;
}

test("a measured block is as tall as it was measured, and others are estimated from it", () => {
  const heights = heightsOf(turn("a", 40), turn("b", 40), turn("c", 140));

  heights.measure(0, 50);
  heights.learn();

  assert.deepEqual([0, 1, 2, 3].map((index) => heights.top(index)), [0, 50, 100, 200]);
  assert.equal(heights.total, 200);
});

test("a block that has grown is taller in proportion until it is measured again", () => {
  const blocks = [turn("a", 40)];
  const heights = new BlockHeights();
  heights.use(1, (index) => blocks[index]);
  heights.measure(0, 50);
  blocks[0] = turn("a", 140);
  heights.use(1, (index) => blocks[index]);

  assert.equal(heights.total, 100);
});

test("the block at a height is found, also beyond the ends", () => {
  const heights = heightsOf(turn("a", 40), turn("b", 40), turn("c", 40));
  for (const index of [0, 1, 2]) heights.measure(index, 10);

  assert.deepEqual([-5, 0, 9, 10, 25, 99].map((px) => heights.at(px)), [0, 0, 0, 1, 2, 2]);
});

test("entries that are not loaded take their room", () => {
  const heights = heightsOf(hole(1, 1000), turn("a", 40));

  assert.equal(heights.top(1), 1000 * heights.holePx);
});

test("what was measured before the looks changed is forgotten", () => {
  const heights = heightsOf(turn("a", 40));
  const guess = heights.total;
  heights.measure(0, 999);
  heights.forget();

  assert.equal(heights.total, guess);
});

test("a page of a hole is around the reader and within the hole", () => {
  const big = hole(1, 1000);
  assert.deepEqual(pageOf(big, 500), { before: 600, limit: 200 });
  assert.deepEqual(pageOf(big, 1), { before: 201, limit: 200 });
  assert.deepEqual(pageOf(big, 1000), { before: 1001, limit: 200 });
  assert.deepEqual(pageOf(hole(40, 60), 50), { before: 61, limit: 21 });
});

test("a block whose words stayed and whose height did not says that the looks have changed", () => {
  const heights = heightsOf(turn("a", 40), turn("b", 40));
  heights.measure(0, 50);
  assert.equal(heights.differs(0, 50.2), false);
  assert.equal(heights.differs(0, 80), true);
  assert.equal(heights.differs(1, 80), false, "it was never measured");
});
