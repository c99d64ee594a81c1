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

/**
 * Add entries at the end of blocks, in place.
 * @param {Block[]} blocks
 * @param {Iterable<Entry>} entries
 * @returns {Block[]} the same blocks
 */
export function extend(blocks, entries) {
  for (const entry of entries) {
    const last = blocks.at(-1);
    if (entry.kind === "gap") {
      blocks.push({ kind: "gap", key: `gap-${entry.seq}`, gap: entry });
    } else if (last?.kind === "turn" && continues(last, entry)) {
      last.captions.push(entry);
      last.end = Math.max(last.end, entry.end);
    } else {
      blocks.push(turnOf(entry));
    }
  }
  return blocks;
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
  const last = tail.at(-1);
  if (last?.kind === "turn") tail[tail.length - 1] = { ...last, captions: [...last.captions] };
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
