// What is written into the picture: the site's mark, and the camera's own stamp with its frame counter.
// The letters are drawn here, so that no font is needed.

/** 5 x 7 dots, row by row from the top. */
export const GLYPHS = {
  A: '01110100011000111111100011000110001',
  B: '11110100011000111110100011000111110',
  C: '01110100011000010000100001000101110',
  M: '10001110111010110101100011000110001',
  0: '01110100011001110101110011000101110',
  1: '00100011000010000100001000010001110',
  2: '01110100010000100010001000100011111',
  3: '11111000100010000010000011000101110',
  4: '00010001100101010010111110001000010',
  5: '11111100001111000001000011000101110',
  6: '00110010001000011110100011000101110',
  7: '11111000010001000100010000100001000',
  8: '01110100011000101110100011000101110',
  9: '01110100011000101111000010001001100',
  ':': '00000011000110000000011000110000000',
  ' ': '0'.repeat(35),
};

/** Writes 5 x 7 letters, `size` pixels a dot; `picture` is `{ rgb, width }`. */
function write(picture, text, left, top, size, colour) {
  [...text].forEach((letter, position) => {
    for (let dot = 0; dot < 35; dot++) {
      if (GLYPHS[letter][dot] === '0') continue;
      const x = left + position * 6 * size + (dot % 5) * size;
      fill(picture, x, top + Math.floor(dot / 5) * size, size, size, colour);
    }
  });
}

function fill({ rgb, width }, left, top, wide, high, colour) {
  for (let y = top; y < top + high; y++)
    for (let x = left; x < left + wide; x++) rgb.set(colour, 3 * (y * width + x));
}

/**
 * The camera's stamp, bottom right: `CAM 3  07:11`, second and frame of the loop. It changes with every frame, so that
 * a picture that stops is visible.
 */
export function stamp(picture, cameraNumber, frame, fps) {
  const two = (value) => String(value).padStart(2, '0');
  const text = `CAM ${cameraNumber}  ${two(Math.floor(frame / fps))}:${two(frame % fps)}`;
  const left = picture.width - text.length * 12 - 10;
  const top = picture.height - 24;
  write(picture, text, left + 1, top + 1, 2, [12, 12, 12]);
  write(picture, text, left, top, 2, [232, 232, 228]);
}

/** The mark by which a person, and a test that reads pixels, can tell the site: see `SITE_MARKS` in electron/demo. */
export function markSite(picture, { letter, rgb, width, height }) {
  fill(picture, 0, 0, width, height, rgb);
  write(picture, letter, width / 2 - 15, height / 2 - 21, 6, [255, 255, 255]);
}
