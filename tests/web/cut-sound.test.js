import assert from "node:assert/strict";
import { test } from "node:test";
import { CutSound } from "../../web/cut-sound.js";

/** Plays 100 ms at a time, and remembers what was heard. */
class Player {
  currentTime = 0;
  duration = 75;
  paused = true;
  seeking = false;
  /** @type {number[]} */
  heard = [];
  sound = new CutSound(/** @type {any} */ (this));

  async play() {
    this.paused = false;
  }

  pause() {
    this.paused = true;
  }

  async listen() {
    await Promise.resolve(); // the sound begins after what has asked for it
    for (let steps = 0; !this.paused && steps < 1000; steps++) {
      this.heard.push(this.currentTime);
      this.sound.at(this.currentTime);
      this.currentTime += 0.1;
    }
    return [Math.min(...this.heard), Math.max(...this.heard)].map(Math.round);
  }
}

test("the sound around a cut is heard without it, and then it pauses", async () => {
  const player = new Player();
  player.sound.across({ start_s: 9, end_s: 11 });
  assert.deepEqual(await player.listen(), [6, 14]);
  assert.deepEqual(player.heard.filter((time) => time > 9.11 && time < 11), []);
});

test("where there is nothing on one side of a cut, the other side is heard", async () => {
  const begins = new Player();
  begins.sound.across({ start_s: 0, end_s: 11 });
  assert.deepEqual(await begins.listen(), [11, 14]);
  const ends = new Player();
  ends.sound.across({ start_s: 60, end_s: 75 });
  assert.deepEqual(await ends.listen(), [57, 60]);
});

test("what is cut is heard alone, unless somebody goes elsewhere meanwhile", async () => {
  const player = new Player();
  player.sound.inside({ start_s: 9, end_s: 11 });
  assert.deepEqual(await player.listen(), [9, 11]);
  player.sound.inside({ start_s: 9, end_s: 11 });
  await Promise.resolve();
  player.sound.at(9);
  player.sound.at(40);
  player.sound.at(11);
  assert.equal(player.paused, false);
});

test("it says whether it plays, from when it is asked until it is over or refused", async () => {
  const player = new Player();
  player.sound.inside({ start_s: 9, end_s: 11 });
  assert.equal(player.sound.playing, true);
  await player.listen();
  assert.equal(player.sound.playing, false);
  player.play = async () => Promise.reject(new Error("there is no sound"));
  player.sound.inside({ start_s: 9, end_s: 11 });
  await new Promise((resume) => setImmediate(resume));
  assert.equal(player.sound.playing, false);
});
