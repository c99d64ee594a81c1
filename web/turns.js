/** @file Captions grouped into the turns that people took. Pure. */

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./caption-store.js").Gap} Gap
 * @typedef {import("./caption-store.js").Entry} Entry
 *
 * @typedef {object} Turn
 * @property {"turn"} kind
 * @property {string} key stays the same from the first interim on
 * @property {import("./types.js").Person | null} speaker
 * @property {number} start
 * @property {number} end
 * @property {Caption[]} captions
 *
 * @typedef {{kind: "gap", key: string, gap: Gap}} GapBlock
 * @typedef {Turn | GapBlock} Block
 */

/** A pause as long as this, in seconds, begins a new paragraph. */
const PAUSE_S = 4;
/** No paragraph covers more than this many seconds. */
const LONGEST_S = 45;

/** A caption stands before as many gaps at most as began later than it, though they came first. */
const GAPS_BACK = 2;
/** Adding an entry changes no more than this many blocks at the end. */
export const REACH = GAPS_BACK + 1;

/**
 * Add entries at the end of blocks, in place.
 * @param {Block[]} blocks
 * @param {Iterable<Entry>} entries
 * @returns {Block[]} the same blocks
 */
export function extend(blocks, entries) {
  for (const entry of entries) {
    if (entry.kind === "gap") blocks.push({ kind: "gap", key: `gap-${entry.seq}`, gap: entry });
    else addCaption(blocks, entry);
  }
  return blocks;
}

/**
 * @param {Block[]} blocks
 * @param {Caption} caption
 */
function addCaption(blocks, caption) {
  const place = placeOf(blocks, caption);
  const before = blocks[place - 1];
  if (before?.kind === "turn" && continues(before, caption)) {
    before.captions.push(caption);
    before.end = Math.max(before.end, caption.end);
  } else blocks.splice(place, 0, turnOf(caption));
}

/**
 * @param {Block[]} blocks
 * @param {Caption} caption
 */
function placeOf(blocks, caption) {
  for (let back = 0; back < GAPS_BACK; back++) {
    const last = blocks[blocks.length - 1 - back];
    if (last?.kind !== "gap" || last.gap.start <= caption.start) return blocks.length - back;
  }
  return blocks.length - GAPS_BACK;
}

/**
 * The blocks from an index on with what is still being said after them; the given ones stay.
 * @param {readonly Block[]} blocks
 * @param {number} from
 * @param {readonly Caption[]} interims
 * @returns {Block[]}
 */
export function tailWith(blocks, from, interims) {
  const tail = blocks.slice(from);
  const open = Math.max(0, tail.length - REACH);
  for (let i = open; i < tail.length; i++) {
    const block = /** @type {Block} */ (tail[i]);
    if (block.kind === "turn") tail[i] = { ...block, captions: [...block.captions] };
  }
  return extend(tail, interims);
}

/**
 * @param {Turn} turn
 * @param {Caption} caption
 */
function continues(turn, caption) {
  return (
    turn.speaker?.id === caption.speaker?.id &&
    Math.abs(caption.start - turn.end) < PAUSE_S &&
    caption.end - turn.start < LONGEST_S
  );
}

/**
 * @param {Caption} caption
 * @returns {Turn}
 */
function turnOf(caption) {
  const { id, speaker, start, end } = caption;
  return { kind: "turn", key: `turn-${id}`, speaker, start, end, captions: [caption] };
}
