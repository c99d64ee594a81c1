/**
 * @file The shapes and colours that speakers are told apart by. Pure but for `shapeOf`.
 *
 * A speaker's number is their place in the order of first captions, which the server knows: those who
 * talk with each other differ, and every device and every later reader sees the same.
 */

/** Eight hues that most kinds of colour vision tell apart; shown lighter or darker, as the window asks. */
export const SPEAKER_COLOURS = Object.freeze([
  "#5aa9ff",
  "#ff9a1a",
  "#3ecf4a",
  "#ff62c8",
  "#cfe300",
  "#b07cff",
  "#00d0d0",
  "#ff7d7d",
]);

/** Outlines in a square of 24 by 24. */
const SHAPES = Object.freeze([
  "M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20Z", // circle
  "M12 2L23 21H1Z", // triangle
  "M3 3H21V21H3Z", // square
  "M12 1L15.2 8.6L23.4 9.3L17.2 14.7L19.1 22.7L12 18.4L4.9 22.7L6.8 14.7L0.6 9.3L8.8 8.6Z", // star
  "M9 2H15V9H22V15H15V22H9V15H2V9H9Z", // plus
  "M12 0L22 12L12 24L2 12Z", // diamond
  "M3 2H21L14 12L21 22H3L10 12Z", // hourglass
  "M16 2A10.5 10.5 0 1 0 22 17A9 9 0 0 1 16 2Z", // crescent
]);
export const SHAPE_COUNT = SHAPES.length;

/**
 * What the speaker of a number looks like. Eight times eight speakers differ: after each eight the
 * shapes come again in the next colour.
 * @param {number} number from 0
 */
export function lookOf(number) {
  const round = Math.floor(number / SHAPES.length);
  return { shape: number % SHAPES.length, colour: (number + round) % SPEAKER_COLOURS.length };
}

/** @param {number} shape */
export function outlineOf(shape) {
  return SHAPES[shape] ?? "";
}

/**
 * A shape as a picture in the colour of its surroundings; a name beside it says who it is.
 * @param {number} shape
 */
export function shapeOf(shape) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  for (const [name, value] of [["viewBox", "0 0 24 24"], ["aria-hidden", "true"], ["class", "shape"]]) {
    picture.setAttribute(/** @type {string} */ (name), /** @type {string} */ (value));
  }
  const outline = document.createElementNS(space, "path");
  outline.setAttribute("d", outlineOf(shape));
  picture.append(outline);
  return picture;
}
