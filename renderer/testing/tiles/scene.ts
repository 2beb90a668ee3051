const SIZE = { width: 640, height: 360 };

/** A camera's picture for the sample tiles: flat, so that screenshots stay small, and light where words lie over it. */
export function drawScene(kind: 'yard' | 'black'): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, SIZE);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws no canvas');
  const rectangles = kind === 'black' ? [['#050505', 0, 0, 640, 360] as const] : YARD;
  for (const [colour, x, y, width, height] of rectangles) {
    context.fillStyle = colour;
    context.fillRect(x, y, width, height);
  }
  return canvas;
}

/** Sky, two halls with doors, a road and a truck. */
const YARD = [
  ['#c9d3da', 0, 0, 640, 170],
  ['#8d979c', 0, 170, 640, 190],
  ['#5c6b70', 40, 90, 230, 120],
  ['#74858b', 310, 60, 290, 150],
  ['#2f3a3f', 80, 140, 60, 70],
  ['#2f3a3f', 170, 140, 60, 70],
  ['#39464b', 360, 120, 190, 90],
  ['#b4bcbf', 0, 270, 640, 90],
  ['#e6eaec', 0, 312, 640, 8],
  ['#a4552f', 250, 200, 120, 70],
  ['#32373a', 370, 222, 46, 48],
] as const;
