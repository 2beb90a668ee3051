// @ts-check
// node build/make-icon.mjs: draws the application's icon, build/icons/<side>x<side>.png for Linux, icon.ico for Windows
// and icon.icns for macOS, so that electron-builder does not download a converter. The icon has two rectangles: the shown stream,
// lit, in front of the standby.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';

const FOLDER = fileURLToPath(new URL('icons/', import.meta.url));
/** Sides of the icons for Linux, in pixels: the sizes that desktops request. */
const SIDES = [16, 24, 32, 48, 64, 128, 256, 512];
/** Sides of the pictures in the icon for Windows, in pixels. */
const WINDOWS_SIDES = [16, 24, 32, 48, 64, 128, 256];
/** Apple's block types, each with the side of its picture in pixels. Those from `ic11` on are for displays of double density. */
const MAC_TYPES = {
  icp4: 16,
  icp5: 32,
  ic07: 128,
  ic08: 256,
  ic09: 512,
  ic11: 32,
  ic12: 64,
  ic13: 256,
  ic14: 512,
  ic10: 1024,
};

/**
 * @typedef {readonly [red: number, green: number, blue: number]} Colour 0 to 255.
 * @typedef {object} Shape A rectangle with round corners, in units. The icon is 24 units wide.
 * @property {readonly [left: number, top: number, right: number, bottom: number]} box
 * @property {number} radius
 * @property {Colour} colour
 * @property {number} [stroke] Width of the outline, which is inside the box. Without it the shape is filled.
 */

/** @type {Colour} */
const SURFACE = [17, 21, 26];
/** @type {Colour} */
const STANDBY = [104, 114, 129];
/** @type {Colour} */
const LIT = [90, 162, 255];

/** @type {readonly Shape[]} From back to front. */
const SHAPES = [
  { box: [0.5, 0.5, 23.5, 23.5], radius: 5, colour: SURFACE },
  { box: [4, 5, 15.5, 13.5], radius: 1.6, colour: STANDBY, stroke: 1.6 },
  { box: [7.2, 9.2, 21.3, 20.3], radius: 2.9, colour: SURFACE },
  { box: [8.5, 10.5, 20, 19], radius: 1.6, colour: LIT },
];

/**
 * @param {Shape} shape
 * @param {number} x
 * @param {number} y
 * @returns {number} How far the point is outside of the shape, in units; negative inside.
 */
function distance({ box: [left, top, right, bottom], radius, stroke }, x, y) {
  const dx = Math.abs(x - (left + right) / 2) - (right - left) / 2 + radius;
  const dy = Math.abs(y - (top + bottom) / 2) - (bottom - top) / 2 + radius;
  const outside = Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
  return stroke === undefined ? outside : Math.abs(outside + stroke / 2) - stroke / 2;
}

/**
 * @param {number} side In pixels.
 * @returns {Buffer} Rows of RGBA, each after PNG's filter byte.
 */
function draw(side) {
  const rows = Buffer.alloc(side * (side * 4 + 1));
  const pixel = 24 / side;
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (const shape of SHAPES) {
        const away = distance(shape, (column + 0.5) * pixel, (row + 0.5) * pixel) / pixel;
        const cover = Math.min(Math.max(0.5 - away, 0), 1);
        const below = alpha * (1 - cover);
        const [r, g, b] = shape.colour;
        alpha = cover + below;
        if (alpha === 0) continue;
        red = (r * cover + red * below) / alpha;
        green = (g * cover + green * below) / alpha;
        blue = (b * cover + blue * below) / alpha;
      }
      rows.set([red, green, blue, alpha * 255].map(Math.round), row * (side * 4 + 1) + 1 + column * 4);
    }
  }
  return rows;
}

/**
 * @param {string} type
 * @param {Buffer} data
 */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/**
 * @param {number} side In pixels.
 * @returns {Buffer} The file: 8 bits per channel, RGBA.
 */
function png(side) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(draw(side), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * Windows' container: a directory of entries, each a whole PNG.
 *
 * @returns {Buffer}
 */
function ico() {
  const images = WINDOWS_SIDES.map((side) => ({ side, data: png(side) }));
  const header = Buffer.alloc(6);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length + 16 * images.length;
  const entries = images.map(({ side, data }) => {
    const entry = Buffer.alloc(16);
    // 256 does not fit into the byte and is written as 0.
    entry.set([side % 256, side % 256]);
    entry.writeUInt16LE(1, 4);
    entry.writeUInt16LE(32, 6);
    entry.writeUInt32LE(data.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += data.length;
    return entry;
  });
  return Buffer.concat([header, ...entries, ...images.map(({ data }) => data)]);
}

/**
 * macOS' container: blocks of a type, a length and a whole PNG.
 *
 * @returns {Buffer}
 */
function icns() {
  const blocks = Object.entries(MAC_TYPES).map(([type, side]) => macBlock(type, png(side)));
  return macBlock('icns', Buffer.concat(blocks));
}

/**
 * @param {string} type Four letters.
 * @param {Buffer} data
 */
function macBlock(type, data) {
  const head = Buffer.alloc(8);
  head.write(type, 'ascii');
  head.writeUInt32BE(head.length + data.length, 4);
  return Buffer.concat([head, data]);
}

mkdirSync(FOLDER, { recursive: true });
for (const side of SIDES) writeFileSync(`${FOLDER}${side}x${side}.png`, png(side));
writeFileSync(`${FOLDER}icon.ico`, ico());
writeFileSync(`${FOLDER}icon.icns`, icns());
