/** @file Which caption is being heard. Pure. */

/**
 * The last item that has begun; items are sorted by `start`.
 * @param {readonly {start: number}[]} items
 * @param {number} time seconds
 * @returns {number} its index, or -1 before the first
 */
export function indexAt(items, time) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {{start: number}} */ (items[middle]).start <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
