/** @file Colours: mixing, and contrast as WCAG 2.2 computes it. Pure. */

/** @typedef {[number, number, number]} Rgb each 0 to 255 */

export const AA = 4.5;
export const AAA = 7;

/**
 * @param {string} colour `#rrggbb`
 * @returns {Rgb}
 */
export function rgbOf(colour) {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/**
 * @param {Rgb} rgb
 * @returns {string} `#rrggbb`
 */
export function hexOf(rgb) {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/**
 * Lay one colour over another.
 * @param {Rgb} above
 * @param {Rgb} below
 * @param {number} opacity of the colour above, 0 to 1
 * @returns {Rgb}
 */
export function over(above, below, opacity) {
  const mix = (/** @type {0 | 1 | 2} */ i) => above[i] * opacity + below[i] * (1 - opacity);
  return [mix(0), mix(1), mix(2)];
}

/**
 * @param {Rgb} rgb
 * @returns {number} relative luminance, 0 to 1
 */
export function luminance(rgb) {
  const [red, green, blue] = /** @type {Rgb} */ (
    rgb.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    })
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * @param {Rgb} one
 * @param {Rgb} other
 * @returns {number} 1 to 21
 */
export function contrast(one, other) {
  const [dark, light] = /** @type {[number, number]} */ (
    [luminance(one), luminance(other)].sort((a, b) => a - b)
  );
  return (light + 0.05) / (dark + 0.05);
}

/**
 * A fainter colour that still reads: as near to the background as the contrast allows.
 * @param {Rgb} text
 * @param {Rgb} background
 * @param {number} atLeast contrast to keep
 * @param {number} faintest the least share of the text's own colour, 0 to 1
 * @returns {Rgb}
 */
export function fainter(text, background, atLeast, faintest) {
  for (let share = faintest; share < 1; share += 0.02) {
    const mixed = over(text, background, share);
    if (contrast(mixed, background) >= atLeast) return mixed;
  }
  return text;
}

/**
 * A colour that reads on a background: as near to the given one as the contrast allows, lighter or
 * darker, whichever way reaches it sooner. One of them always reaches `AA`; where none reaches more,
 * black or white is the best there is.
 * @param {Rgb} colour
 * @param {Rgb} background
 * @param {number} atLeast contrast to have
 * @returns {Rgb} whole numbers
 */
export function legible(colour, background, atLeast) {
  /** @type {Rgb[]} */
  const ends = [
    [255, 255, 255],
    [0, 0, 0],
  ];
  for (let share = 0; share < 1; share += 0.02) {
    for (const end of ends) {
      const mixed = /** @type {Rgb} */ (over(end, colour, share).map(Math.round));
      if (contrast(mixed, background) >= atLeast) return mixed;
    }
  }
  const [light, dark] = /** @type {[Rgb, Rgb]} */ (ends);
  return contrast(light, background) >= contrast(dark, background) ? light : dark;
}
