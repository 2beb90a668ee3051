// Colours and textures for the demo's scenes. Colours are linear light, 0 to 1.

/** `#rrggbb` as linear light. */
export function rgb(hex) {
  return [1, 3, 5].map((at) => (Number.parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2);
}

export function mix(a, b, share) {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

export function scale(colour, factor) {
  return colour.map((part) => part * factor);
}

/** A number from 0 to 1 that depends on nothing but its arguments. */
export function hash(x, y = 0, z = 0) {
  let h = Math.imul(x | 0, 374761393) ^ Math.imul(y | 0, 668265263) ^ Math.imul(z | 0, 2147483647);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Smooth value noise, 0 to 1, with features of length 1. */
export function noise(x, y) {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [x - x0, y - y0].map((f) => f * f * (3 - 2 * f));
  const upper = hash(x0, y0) + (hash(x0 + 1, y0) - hash(x0, y0)) * u;
  const lower = hash(x0, y0 + 1) + (hash(x0 + 1, y0 + 1) - hash(x0, y0 + 1)) * u;
  return upper + (lower - upper) * v;
}

/** Noise at three scales, 0 to 1. */
export function rough(x, y) {
  return 0.5 * noise(x, y) + 0.3 * noise(2.7 * x + 9, 2.7 * y) + 0.2 * noise(7.1 * x, 7.1 * y + 5);
}

/** Whether `value` lies within `width` / 2 of a multiple of `period` (plus `offset`). */
export function stripe(value, period, width, offset = 0) {
  const rest = (((value - offset) % period) + period) % period;
  return rest < width / 2 || rest > period - width / 2;
}
