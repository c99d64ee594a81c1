/** @file How long a text takes to read or to be spoken, in words. Pure; as `models/writing.py` does it. */

const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const ABUGIDA = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const LETTERS_A_WORD = 2;
const SIGNS_A_WORD = 5;

/**
 * Count words where spaces part them; elsewhere, what takes as long as so many of those.
 * @param {string} text
 * @returns {number}
 */
export function wordCount(text) {
  const letters = text.match(EAST_ASIAN)?.length ?? 0;
  const signs = text.match(ABUGIDA)?.length ?? 0;
  const rest = text.replace(EAST_ASIAN, " ").replace(ABUGIDA, " ").match(/[^\s]*[\p{L}\p{N}][^\s]*/gu);
  return (rest?.length ?? 0) + Math.ceil(letters / LETTERS_A_WORD + signs / SIGNS_A_WORD);
}
