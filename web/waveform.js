/** @file The outline of a recording's sound, with a slider over it: by eye, by pointer, by key, by ear. */

import { byId } from "./dom.js";
import { beginnings, heightsOf, speakersOf } from "./outline.js";
import { outlineOf } from "./speaker-looks.js";
import { strings } from "./strings.js";
import { clock } from "./times.js";

/**
 * @typedef {import("./outline.js").Peaks} Peaks
 * @typedef {import("./transcript.js").Transcript} Transcript
 *
 * @typedef {object} Parts
 * @property {import("./speaker-marks.js").SpeakerMarks} speakers
 * @property {() => Transcript} transcript
 * @property {(time: number) => void} seek
 */

/** How wide a bar and the space beside it are, in pixels. */
const BAR_PX = 3;
const SPACE_PX = 1;
/** The size of a speaker's shape below the bars. */
const SHAPE_PX = 12;
/** An arrow key moves so many seconds. */
const STEP_S = 5;
/** More points than bars that fit on a wide screen are no use. */
export const POINTS = 1000;

/** Bars in the looks that the listener has chosen for speakers; the canvas says nothing to screen readers. */
export class Waveform {
  #parts;
  #place = byId("outline");
  #canvas = byId("waveform", HTMLCanvasElement);
  #slider = byId("position", HTMLInputElement);
  /** @type {Peaks | null} */
  #peaks = null;
  /** @type {readonly import("./edited-time.js").Cut[]} what is struck through */
  cuts = [];

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#slider.addEventListener("input", () => this.#seek(Number(this.#slider.value)));
    this.#slider.addEventListener("keydown", (event) => this.#key(event));
    this.#slider.addEventListener("focus", () => this.#say());
    new ResizeObserver(() => this.draw()).observe(this.#place);
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(query).addEventListener("change", () => this.draw());
    }
  }

  /** @param {Peaks} peaks */
  show(peaks) {
    this.#peaks = peaks;
    this.#slider.max = String(peaks.duration_s);
    this.#place.hidden = false;
    this.#say();
    this.draw();
  }

  /** @param {number} time what is heard now, in seconds */
  at(time) {
    // Who has come to the slider by key is told where it is when they move it, not all the time.
    if (!this.#peaks || this.#slider.matches(":focus-visible")) return;
    this.#slider.value = String(time);
  }

  /** Draw the bars in the space and the looks that there are now. */
  draw() {
    const context = this.#canvas.getContext("2d");
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (!this.#peaks || !context || !width) return;
    const scale = devicePixelRatio;
    [this.#canvas.width, this.#canvas.height] = [width * scale, height * scale];
    context.scale(scale, scale);
    const count = Math.max(1, Math.floor(width / (BAR_PX + SPACE_PX)));
    const speakers = speakersOf(this.#parts.transcript().captions, this.#peaks.duration_s, count);
    const barsPx = this.#hasShapes ? height - SHAPE_PX : height;
    this.#drawBars(context, heightsOf(this.#peaks, count), speakers, barsPx);
    if (this.#hasShapes) this.#drawShapes(context, speakers, barsPx);
    this.#strike(context, this.#peaks.duration_s, width, barsPx);
  }

  /** Whether the listener wants speakers to have shapes. */
  get #hasShapes() {
    return document.body.dataset.speakers !== "names";
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} length of the recording, in seconds
   * @param {number} width
   * @param {number} px how high the loudest bar is
   */
  #strike(context, length, width, px) {
    const style = getComputedStyle(this.#canvas);
    for (const { start_s: start, end_s: end } of this.cuts) {
      const [from, to] = [(start / length) * width, (end / length) * width];
      context.globalAlpha = 0.65;
      context.fillStyle = getComputedStyle(this.#place).backgroundColor;
      context.fillRect(from, 0, to - from, px);
      context.globalAlpha = 1;
      context.fillStyle = style.color;
      context.fillRect(from, px / 2 - 1, Math.max(2, to - from), 2);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {readonly number[]} heights
   * @param {readonly (import("./types.js").Person | null)[]} speakers
   * @param {number} px how high the loudest bar is
   */
  #drawBars(context, heights, speakers, px) {
    const colour = this.#colours();
    for (const [bar, height] of heights.entries()) {
      const high = Math.max(1, height * px);
      context.fillStyle = colour(speakers[bar] ?? null);
      context.fillRect(bar * (BAR_PX + SPACE_PX), (px - high) / 2, BAR_PX, high);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {readonly (import("./types.js").Person | null)[]} speakers
   * @param {number} top
   */
  #drawShapes(context, speakers, top) {
    const colour = this.#colours();
    for (const { bar, speaker } of beginnings(speakers, Math.ceil((1.5 * SHAPE_PX) / (BAR_PX + SPACE_PX)))) {
      const look = this.#parts.speakers.lookOf(speaker);
      if (!look) continue;
      context.save();
      context.translate(bar * (BAR_PX + SPACE_PX), top + 1);
      context.scale((SHAPE_PX - 2) / 24, (SHAPE_PX - 2) / 24);
      context.fillStyle = colour(speaker);
      context.fill(new Path2D(outlineOf(look.shape)));
      context.restore();
    }
  }

  /** @returns {(speaker: import("./types.js").Person | null) => string} */
  #colours() {
    const plain = getComputedStyle(this.#canvas).color;
    const coloured = document.body.dataset.speakers === "shapes-colours" && !matchMedia("(forced-colors: active)").matches;
    const body = getComputedStyle(document.body);
    return (speaker) => {
      const look = coloured && speaker ? this.#parts.speakers.lookOf(speaker) : null;
      return look ? body.getPropertyValue(`--speaker-${look.colour}`) : plain;
    };
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowLeft: -STEP_S, ArrowDown: -STEP_S, ArrowRight: STEP_S, ArrowUp: STEP_S }[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const time = Math.min(Number(this.#slider.max), Math.max(0, Number(this.#slider.value) + step));
    this.#slider.value = String(time);
    this.#seek(time);
  }

  /** @param {number} time */
  #seek(time) {
    this.#parts.seek(time);
    this.#say();
  }

  #say() {
    const time = Number(this.#slider.value);
    const caption = this.#parts.transcript().at(time);
    const speaker = caption && time <= caption.end ? (caption.speaker?.name ?? "") : "";
    const length = Number(this.#slider.max);
    this.#slider.setAttribute("aria-valuetext", strings.player.position(clock(time), clock(length), speaker));
  }
}
