import assert from "node:assert/strict";
import { test } from "node:test";
import { progressText, waitingText } from "../../web/recording-progress.js";

test("progress is whole percent of a step, and never rounded up to all of it", () => {
  assert.equal(progressText({ step: "joining", share: 0.999 }), "Joining the recording: 99 %");
  assert.equal(progressText({ step: "waiting", share: 0 }), "Waiting for other recordings to be made ready");
  assert.equal(progressText(null), "");
});

test("a screen reader hears the same words while percents go up", () => {
  const heard = new Set(
    [0, 0.2, 0.9].map((share) =>
      waitingText(/** @type {any} */ ({ phase: "finishing", progress: { step: "joining", share } })),
    ),
  );
  assert.equal(heard.size, 1);
});

test("who waits is told whether the room is live, or why it takes longer", () => {
  assert.match(waitingText(/** @type {any} */ ({ phase: "recording", progress: null })), /still live/);
  const failed = { phase: "finishing", progress: { step: "failed", share: 0 } };
  assert.match(waitingText(/** @type {any} */ (failed)), /safe/);
});
