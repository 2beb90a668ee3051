// Vehicles, people and things, built around the origin, facing along x. Lengths in metres.

import { hash, noise, rgb, scale } from './paint.mjs';
import { at, ball, box, frustum, prism } from './solids.mjs';

const TYRE = { colour: rgb('#15161a') };
const GLASS = { colour: rgb('#1b2430'), mirror: 0.5 };
const SKIN = { colour: rgb('#b98a6c') };

const lights = (on, hex) => ({ colour: rgb(hex), glow: on ? 5 : 0.35 });

function wheels(radius, front, back, half) {
  return [front, back].flatMap((x) =>
    [half, -half].map((z) => at(prism('z', radius, 0.24, TYRE), x, radius, z)),
  );
}

export function car(hex, { headlights = false } = {}) {
  const paint = { colour: rgb(hex), mirror: 0.22 };
  const lamp = (x, z, material) => box(x, 0.6, z, 0.12, 0.16, 0.36, material);
  return [
    at(frustum({ height: 0.52, bottom: [4.3, 1.74], top: [4.2, 1.7] }, paint), 0, 0.58, 0),
    at(
      frustum({ height: 0.5, bottom: [2.75, 1.62], top: [1.7, 1.34], shift: [-0.12, 0] }, GLASS),
      -0.25,
      1.09,
      0,
    ),
    at(frustum({ height: 0.06, bottom: [1.72, 1.36], top: [1.6, 1.28] }, paint), -0.37, 1.37, 0),
    ...wheels(0.33, 1.35, -1.35, 0.8),
    ...[0.6, -0.6].flatMap((z) => [
      lamp(2.1, z, lights(headlights, '#fff3d6')),
      lamp(-2.1, z, lights(headlights, '#ff2a20')),
    ]),
  ];
}

export function van(hex, { headlights = false } = {}) {
  const paint = { colour: rgb(hex), mirror: 0.12 };
  return [
    at(frustum({ height: 1.9, bottom: [3.7, 1.95], top: [3.6, 1.8] }, paint), -0.75, 1.4, 0),
    at(frustum({ height: 0.75, bottom: [1.7, 1.95] }, paint), 1.75, 0.83, 0),
    at(
      frustum({ height: 1.1, bottom: [1.3, 1.9], top: [0.45, 1.7], shift: [-0.4, 0] }, GLASS),
      1.65,
      1.75,
      0,
    ),
    ...wheels(0.38, 1.6, -1.7, 0.88),
    ...[0.7, -0.7].flatMap((z) => [
      box(2.56, 0.75, z, 0.1, 0.2, 0.34, lights(headlights, '#fff3d6')),
      box(-2.57, 0.9, z, 0.1, 0.35, 0.18, lights(headlights, '#ff2a20')),
    ]),
  ];
}

export function truck(hex, boxHex) {
  const paint = { colour: rgb(hex), mirror: 0.15 };
  const panel = rgb(boxHex);
  const side = {
    paint: (p) => (Math.abs(p[1]) < 0.22 ? rgb(hex) : scale(panel, 0.93 + 0.07 * (Math.abs(p[0] * 2) % 1))),
  };
  return [
    at(frustum({ height: 2.7, bottom: [2, 2.4], top: [1.7, 2.3], shift: [-0.12, 0] }, paint), 4.6, 1.85, 0),
    at(frustum({ height: 0.9, bottom: [0.3, 2.1], top: [0.2, 2], shift: [-0.05, 0] }, GLASS), 5.5, 2.35, 0),
    at(frustum({ height: 2.8, bottom: [8.6, 2.5] }, side), -0.9, 2.45, 0),
    box(-0.6, 0.6, 0, 9, 0.4, 1.4, TYRE),
    ...wheels(0.5, 4.4, -3.9, 1.1),
    ...wheels(0.5, 1.8, -2.7, 1.1),
    ...[0.85, -0.85].map((z) => box(5.6, 0.8, z, 0.1, 0.24, 0.4, lights(true, '#fff3d6'))),
  ];
}

/** Somebody walking; `steps` counts the paces done so far. */
export function person(coat, trousers, steps) {
  const cloth = { colour: rgb(coat) };
  const legs = { colour: rgb(trousers) };
  const swing = Math.sin(steps * Math.PI) * 0.34;
  const limb = (y, height, z, width, shift, material) =>
    at(
      frustum({ height, bottom: [width, width], top: [width, width], shift: [shift, 0] }, material),
      -shift,
      y,
      z,
    );
  return [
    limb(0.44, 0.88, 0.1, 0.17, swing, legs),
    limb(0.44, 0.88, -0.1, 0.17, -swing, legs),
    at(frustum({ height: 0.62, bottom: [0.24, 0.38], top: [0.28, 0.46] }, cloth), 0, 1.16, 0),
    limb(1.16, 0.6, 0.29, 0.11, -swing * 0.7, cloth),
    limb(1.16, 0.6, -0.29, 0.11, swing * 0.7, cloth),
    at(ball([0.12, 0.15, 0.11], SKIN), 0.02, 1.63, 0),
    at(ball([0.125, 0.1, 0.12], { colour: rgb('#241c16') }), -0.02, 1.71, 0),
  ];
}

/** A forklift with its fork at `lift` metres and, unless empty, a load on it. */
export function forklift(lift, loaded = true) {
  const yellow = { colour: rgb('#e5a812'), mirror: 0.1 };
  const steel = { colour: rgb('#2c3036') };
  const parts = [
    box(-0.35, 0.3, 0, 1.7, 0.75, 1.1, yellow),
    box(-0.95, 0.9, 0, 0.6, 0.35, 1.05, steel),
    box(0.35, 0.3, 0, 0.25, 1, 0.9, steel),
    box(-0.3, 2.1, 0, 1.2, 0.08, 1, steel),
    ...[0.45, -0.45].flatMap((z) => [
      box(0.3, 0.9, z, 0.09, 1.2, 0.09, steel),
      box(-0.85, 0.9, z, 0.09, 1.2, 0.09, steel),
      box(0.75, 0.1, z * 0.7, 0.12, 2.2 + lift * 0.3, 0.12, steel),
      box(1.35, lift + 0.08, z * 0.6, 1.1, 0.06, 0.14, steel),
    ]),
    ...wheels(0.3, 0.45, -0.85, 0.5),
    at(frustum({ height: 0.55, bottom: [0.3, 0.4] }, { colour: rgb('#d9541e') }), -0.35, 1.3, 0),
    at(ball([0.15, 0.17, 0.15], { colour: rgb('#f2f2f2') }), -0.3, 1.75, 0),
    box(-0.6, 2.18, 0, 0.14, 0.16, 0.14, { colour: rgb('#ffb020'), glow: 4 }),
  ];
  return loaded ? [...parts, ...pallet(1.35, lift + 0.14, 0)] : parts;
}

export function pallet(x, y, z, hex = '#b08a5a') {
  const board = rgb(hex);
  const carton = {
    paint: (p) =>
      scale(board, Math.abs(p[1]) < 0.02 || Math.abs(p[0]) < 0.02 || Math.abs(p[2]) < 0.02 ? 0.55 : 1),
  };
  return [
    box(x, y, z, 1.15, 0.12, 1.05, { colour: rgb('#7c5c38') }),
    box(x, y + 0.12, z, 1.05, 0.95, 0.95, carton),
  ];
}

export function tree(x, z, size, seed = 1) {
  const green = (p) => scale(rgb('#4d6b33'), 0.55 + 0.8 * noise(p[0] * 5 + seed, p[1] * 5 + p[2] * 4));
  const crown = [0, 1, 2, 3, 4].map((i) => {
    const angle = i * 2.4 + seed;
    const out = i === 0 ? 0 : size * 0.28;
    const radius = size * (0.3 + 0.1 * hash(i, seed));
    const middle = size * (0.72 + 0.22 * hash(seed, i));
    return at(
      ball([radius, radius * 0.85, radius], { paint: green }),
      x + Math.cos(angle) * out,
      middle,
      z + Math.sin(angle) * out,
    );
  });
  return [at(prism('y', size * 0.04, size * 0.6, { colour: rgb('#54412f') }, 6), x, size * 0.3, z), ...crown];
}

export function lampPost(x, z, height, { reach = 1.2, glow = 0.5, yaw = 0 } = {}) {
  const steel = { colour: rgb('#565c64') };
  const head = { colour: rgb('#fff0cf'), glow };
  return [
    at(prism('y', 0.08, height, steel, 6), x, height / 2, z),
    box(
      x + (Math.cos(yaw) * reach) / 2,
      height,
      z + (Math.sin(yaw) * reach) / 2,
      reach,
      0.08,
      0.1,
      steel,
      yaw,
    ),
    box(x + Math.cos(yaw) * reach, height - 0.06, z + Math.sin(yaw) * reach, 0.6, 0.1, 0.26, head, yaw),
  ];
}
