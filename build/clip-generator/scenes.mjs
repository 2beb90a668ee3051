// The nine scenes of the demo wall. Each gives what does not move and, for a phase from 0 to 1 of the loop, what moves;
// phase 1 looks like phase 0. Lengths in metres, angles in radians, y upwards.

import { car, forklift, lampPost, pallet, person, tree, truck, van } from './actors.mjs';
import { hash, mix, noise, rgb, rough, scale, stripe } from './paint.mjs';
import { at, ball, box, frustum, place, prism } from './solids.mjs';

const TAU = 2 * Math.PI;

const unit = (v) => v.map((part) => part / Math.hypot(...v));
const ease = (share) => {
  const s = Math.min(1, Math.max(0, share));
  return s * s * (3 - 2 * s);
};
const wrap = (phase) => phase - Math.floor(phase);
const lerp = (a, b, share) => a + (b - a) * share;

function daySky(zenith, horizon, clouds = true) {
  const [high, low] = [rgb(zenith), rgb(horizon)];
  return (d) => {
    const up = Math.max(0, d[1]);
    if (!clouds) return mix(low, high, Math.sqrt(up));
    const cloud = Math.max(0, rough((d[0] / (up + 0.15)) * 1.2, (d[2] / (up + 0.15)) * 1.2) - 0.45) * 1.1;
    return mix(mix(low, high, Math.sqrt(up)), [0.9, 0.9, 0.92], Math.min(0.7, cloud));
  };
}

function asphalt(hex, p) {
  return scale(rgb(hex), 0.72 + 0.38 * rough(p[0] * 0.6, p[2] * 0.6) + 0.18 * noise(p[0] * 9, p[2] * 9));
}

const day = {
  ambient: { above: [0.42, 0.5, 0.62], below: [0.2, 0.19, 0.17] },
  fog: { colour: [0.5, 0.56, 0.62], distance: 700 },
};

/** Someone on a straight way, `paces` long a metre, with the shadow under the feet. */
function walker(moment, coat, trousers, from, to, share, y = 0) {
  const [x, z] = [lerp(from[0], to[0], share), lerp(from[1], to[1], share)];
  const way = Math.hypot(to[0] - from[0], to[1] - from[1]) * share;
  moment.solids.push(
    ...place(person(coat, trousers, way * 1.4), x, z, Math.atan2(to[1] - from[1], to[0] - from[0]), y),
  );
  moment.blobs.push({ x, z, reach: 0.4, y });
}

function drive(moment, vehicle, x, z, yaw, reach = 1.9) {
  moment.solids.push(...place(vehicle, x, z, yaw));
  for (const along of [-1, 0.2, 1.2])
    moment.blobs.push({
      x: x + Math.cos(yaw) * along,
      z: z + Math.sin(yaw) * along,
      reach: reach * 0.6,
      share: 0.4,
    });
}

const COATS = ['#2e4a6b', '#7a2f2f', '#c9b58c', '#3c5a44', '#d8d8d8', '#59436b', '#b3541e'];

function carPark() {
  const colours = [
    '#b8bcc2',
    '#7d1f1f',
    '#20344f',
    '#e6e6e2',
    '#33373d',
    '#5b6b52',
    '#99602a',
    '#c4c9cf',
    '#12325a',
  ];
  const solids = [];
  for (const [row, z] of [-13, 2.4, 7.9].entries()) {
    for (let bay = -7; bay <= 7; bay++) {
      if (hash(bay, row, 5) < 0.24) continue;
      const paint = colours[Math.floor(hash(bay, row) * colours.length)];
      const body = hash(row, bay, 3) < 0.15 ? van(paint) : car(paint);
      const yaw = (row === 2 ? 1 : -1) * (Math.PI / 2) + (hash(row, bay) < 0.4 ? Math.PI : 0);
      solids.push(...place(body, bay * 2.7 + 1.35, z + (hash(bay, 7) - 0.5) * 0.5, yaw));
    }
  }
  for (let i = -4; i <= 4; i++)
    solids.push(...tree(i * 6.5 + hash(i) * 2, -20 - hash(i, 2) * 3, 5.5 + hash(i, 4) * 2, i));
  solids.push(...lampPost(-9, 5.15, 7, { yaw: -0.5 }), ...lampPost(12, -9.4, 7, { yaw: 2 }));
  solids.push(box(0, 0, -31, 70, 9, 6, { paint: (p) => facade(p, '#9a8f82', 3, 2.6) }));
  const ground = {
    paint: (p) => {
      const [x, , z] = p;
      if (z < -16.2) return scale(rgb('#5c6e40'), 0.6 + 0.6 * rough(x, z));
      const inBay = (z > -15.6 && z < -10.4) || (z > -0.1 && z < 10.4);
      if (inBay && Math.abs(x) < 20.4 && stripe(x, 2.7, 0.12)) return rgb('#c9c9c2');
      if (inBay && Math.abs(z - 5.15) < 0.06) return rgb('#c9c9c2');
      return asphalt('#6b6d70', p);
    },
  };
  return {
    ...day,
    camera: { from: [-3, 8.5, 19], to: [0.8, 0, -3.5], fov: 62 },
    sky: daySky('#5f8fc4', '#c9d4dc'),
    sun: { dir: unit([-0.75, 0.6, -0.3]), colour: [1.5, 1.32, 1.05] },
    ground,
    solids,
    moment: (phase) => {
      const moment = { solids: [], blobs: [] };
      drive(moment, car('#c8a21c'), lerp(-34, 36, phase), -3.6, 0);
      drive(moment, van('#e9ecef'), lerp(38, -36, wrap(phase + 0.45)), -7.4, Math.PI);
      walker(moment, '#b02a2a', '#22252c', [-11, 12.4], [15, 11.4], phase);
      walker(moment, '#2e4a6b', '#3a3328', [17, -9.6], [1, -9.4], wrap(phase + 0.3));
      return moment;
    },
  };
}

function facade(p, hex, floor, bay, glass = '#232c38') {
  const [u, v] = [p[0] + p[2] + 500, p[1] + 500];
  const inWindow =
    Math.abs((u % bay) - bay / 2) < bay * 0.32 && Math.abs((v % floor) - floor / 2) < floor * 0.26;
  if (inWindow) return scale(rgb(glass), 0.8 + 0.9 * hash(Math.floor(u / bay), Math.floor(v / floor)));
  return scale(rgb(hex), 0.88 + 0.16 * rough(u * 0.7, v * 0.7));
}

function mainGate() {
  const wall = {
    paint: (p) =>
      scale(rgb('#b9aa92'), stripe(p[1], 0.25, 0.03) ? 0.75 : 0.9 + 0.15 * noise(p[0] * 4, p[1] * 9)),
  };
  const steel = { colour: rgb('#4c5a52') };
  const solids = [
    box(6.6, 0, -1, 3.6, 2.9, 4.2, wall),
    box(6.4, 2.9, -1, 4.6, 0.22, 5.2, { colour: rgb('#3c4148') }),
    box(4.76, 1.1, -1, 0.08, 1.2, 3.2, { colour: rgb('#20303c'), mirror: 0.55 }),
    box(6.6, 1.1, 1.1, 2.4, 1.2, 0.08, { colour: rgb('#20303c'), mirror: 0.55 }),
    box(0.4, 0, 2, 0.5, 1.15, 0.5, { colour: rgb('#d8a413') }),
    box(4.6, 0, 0, 1.6, 0.16, 9, { colour: rgb('#9b978e') }),
    box(-5.2, 0, 2, 0.4, 1.0, 0.4, { colour: rgb('#565c64') }),
  ];
  for (const side of [-1, 1]) {
    for (let i = 0; i < 9; i++) {
      const x = side * (9.5 + i * 2.4);
      solids.push(at(prism('y', 0.06, 2.3, steel, 6), x, 1.15, 1.4));
      for (const y of [0.25, 2.1]) solids.push(box(x + side * 1.2, y, 1.4, 2.4, 0.06, 0.05, steel));
      for (let bar = 0; bar < 8; bar++)
        solids.push(box(x + side * 0.3 * bar, 0.25, 1.4, 0.035, 1.9, 0.035, steel));
    }
    solids.push(
      box(side * 16, 0, -30, 22, 10, 12, {
        paint: (p) => facade(p, side < 0 ? '#8a97a3' : '#a77f66', 3.3, 3),
      }),
    );
  }
  for (let i = 0; i < 4; i++)
    solids.push(
      ...tree(-10 - i * 5, -6 - 5 * hash(i), 6, i + 3),
      ...tree(13 + i * 4, -8 - 4 * hash(i, 1), 5.5, i),
    );
  solids.push(...lampPost(-6.6, 3.5, 6.5));
  const boomPaint = { paint: (p) => (stripe(p[0], 1.1, 0.55) ? rgb('#c4281f') : rgb('#efefea')) };
  return {
    ...day,
    camera: { from: [-8.5, 5.2, 15], to: [0.6, 1, -1], fov: 58 },
    sky: daySky('#7f9dbb', '#d5d6d2'),
    sun: { dir: unit([-0.55, 0.55, 0.62]), colour: [1.15, 1.02, 0.82] },
    ground: {
      paint: (p) => {
        const [x, , z] = p;
        if (Math.abs(x) > 5.6 && !(z > 8 && z < 15)) return scale(rgb('#66743f'), 0.6 + 0.6 * rough(x, z));
        if (Math.abs(x) > 4.9 && Math.abs(x) < 5.15 && z < 8) return rgb('#b5b2a8');
        if (Math.abs(z - 3.6) < 0.25 && Math.abs(x) < 4.8) return rgb('#d3d2cb');
        if (Math.abs(x) < 0.07 && z < 1 && stripe(z, 3, 1.6)) return rgb('#d3d2cb');
        return asphalt('#606367', p);
      },
    },
    solids,
    moment: (phase) => {
      const moment = { solids: [], blobs: [] };
      const open = ease((phase - 0.3) / 0.1) - ease((phase - 0.72) / 0.1);
      const pitch = Math.PI - open * 1.35;
      const half = 2.2;
      const boom = frustum({ height: 0.16, bottom: [2 * half, 0.12] }, boomPaint);
      moment.solids.push(at(boom, 0.4 + Math.cos(pitch) * half, 1.05 + Math.sin(pitch) * half, 2, 0, pitch));
      const z =
        lerp(30, 6.6, 1 - (1 - Math.min(1, phase / 0.27)) ** 2) -
        62 * Math.max(0, (phase - 0.38) / 0.62) ** 1.6;
      drive(moment, van('#27567f'), -1.6, z, -Math.PI / 2, 2.2);
      drive(moment, car('#d9dbdd'), 2.2, lerp(-46, 34, wrap(phase + 0.56)), Math.PI / 2);
      drive(moment, car('#8c2a2a'), 2.2, lerp(-46, 34, wrap(phase + 0.12)), Math.PI / 2);
      const guard = Math.sin(phase * TAU);
      walker(moment, '#c8d42a', '#1e2633', [5.3, 5.4], [7.6, 4.2], 0.5 + 0.5 * guard);
      return moment;
    },
  };
}

function quay() {
  const stack = ['#8c3a2b', '#2f5d84', '#3f6b4a', '#b98a2e', '#6b7078', '#a34d1f', '#d0d0ca'];
  const solids = [
    box(0, -3, 16.5, 140, 3.9, 25, { paint: quayTop }),
    box(0, 0.9, 4.25, 140, 0.25, 0.4, { colour: rgb('#c9a227') }),
  ];
  for (let i = 0; i < 14; i++) {
    for (let level = 0; level < 1 + Math.floor(hash(i, 3) * 3.4); level++) {
      const colour = rgb(stack[Math.floor(hash(i, level) * stack.length)]);
      const ribbed = { paint: (p) => scale(colour, 0.8 + 0.25 * Math.abs(((p[0] * 3) % 2) - 1)) };
      const [x, z] = [-39 + (i % 7) * 6.5, i > 6 ? 12.2 : 15.4];
      solids.push(box(x, 0.9 + level * 2.6, z, 6.1, 2.55, 2.44, ribbed));
    }
  }
  for (let i = -6; i <= 6; i++)
    solids.push(at(prism('y', 0.25, 0.6, { colour: rgb('#2a2a2c') }, 8), i * 7 + 2, 1.2, 5));
  for (let i = -9; i < 10; i++)
    solids.push(
      box(i * 22 + hash(i) * 8, -1, -190 - hash(i, 2) * 20, 16, 4 + hash(i, 8) * 14, 10, {
        colour: rgb('#7e8894'),
      }),
    );
  const steel = { colour: rgb('#a8321f') };
  const ship = [
    at(
      frustum(
        { height: 6, bottom: [58, 10], top: [64, 12] },
        { paint: (p) => (p[1] < -1.6 ? rgb('#7b2a22') : rgb('#1f3550')) },
      ),
      0,
      1.4,
      0,
    ),
    box(-25, 4.4, 0, 9, 8, 10, { paint: (p) => facade(p, '#e2e0d8', 2, 1.6) }),
    ...[...Array(18).keys()]
      .filter((i) => i < 6 || hash(i % 6, 4) < 0.3 + 0.5 / Math.floor(i / 6))
      .map((i) =>
        box(-16 + (i % 6) * 7, 4.4 + 2.6 * Math.floor(i / 6), 0, 6.4, 2.55, 9, {
          colour: rgb(stack[Math.floor(hash(i, 21) * stack.length)]),
        }),
      ),
  ];
  const [zenith, horizon] = ['#6d93b8', '#dcd3c4'];
  const mirrored = daySky(zenith, horizon, false);
  const deep = rgb('#1f3f4c');
  const live = (p, d, phase) => {
    const turn = phase * TAU;
    const swell =
      Math.sin(p[0] * 0.55 + p[2] * 0.32 + 3 * turn) + Math.sin(p[0] * -0.34 + p[2] * 0.9 - 4 * turn);
    const chop = Math.sin(p[0] * 1.9 + p[2] * 2.3 + 9 * turn) + Math.sin(p[0] * 2.6 - p[2] * 1.2 - 11 * turn);
    const tilt = (swell * 0.05 + chop * 0.035) / (1 + Math.abs(p[2] - 20) / 70);
    const seen = mirrored(unit([d[0], Math.max(0.03, -d[1] + tilt), d[2]]));
    const share = Math.min(0.8, 0.1 + 0.75 * (1 + d[1]) ** 5 + 2 * tilt);
    return mix(deep, seen, share);
  };
  return {
    ...day,
    fog: { colour: [0.5, 0.53, 0.56], distance: 620 },
    camera: { from: [25, 12.5, 25], to: [-3, 2.6, -4], fov: 60 },
    sky: daySky(zenith, horizon),
    sun: { dir: unit([0.5, 0.5, 0.7]), colour: [1.2, 1.05, 0.85] },
    ground: { paint: () => deep, live },
    solids,
    moment: (phase) => {
      const moment = { solids: [], blobs: [] };
      moment.solids.push(...place(ship, lerp(-150, 120, phase), -42, 0, 0.15 * Math.sin(phase * TAU * 3)));
      const x = -14 + 6.5 * Math.sin(phase * TAU);
      const load = 3 + 3.5 * (0.5 + 0.5 * Math.cos(phase * TAU * 2));
      const trolley = 3 + 7 * Math.sin(phase * TAU + 1);
      for (const dx of [-3.6, 3.6]) {
        for (const z of [5.6, 17.6]) moment.solids.push(box(x + dx, 0.9, z, 0.7, 13, 0.7, steel));
        moment.solids.push(box(x + dx, 13, 6, 0.7, 0.9, 30, steel));
      }
      for (const z of [5.6, 17.6]) moment.solids.push(box(x, 10.2, z, 7.2, 0.6, 0.5, steel));
      moment.solids.push(
        box(x, 13.9, trolley, 5, 0.8, 2.4, { colour: rgb('#d9d4c4') }),
        ...[-1.6, 1.6].map((dx) =>
          box(x + dx, load + 2.5, trolley, 0.08, 11.4 - load, 0.08, { colour: rgb('#222428') }),
        ),
        box(x, load, trolley, 6.1, 2.5, 2.4, { colour: rgb('#c9781f') }),
      );
      const go = ease(Math.abs(1 - 2 * wrap(phase + 0.1)));
      moment.solids.push(
        ...place(forklift(0.4), lerp(-6, 17, go), 8.6, phase > 0.4 && phase < 0.9 ? 0 : Math.PI, 0.9),
      );
      walker(moment, '#e07a1c', '#22324a', [12, 6.4], [-4, 6.4], phase, 0.9);
      return moment;
    },
  };
}

function quayTop(_local, n, p) {
  if (n[1] < 0.5) return scale(rgb('#6a655c'), 0.7 + 0.4 * rough(p[0], p[1] * 2));
  if (Math.abs(p[2] - 7.2) < 0.08 || Math.abs(p[2] - 10.4) < 0.08) return rgb('#c7a631');
  return asphalt('#8a867e', p);
}

function crossroads() {
  const solids = [];
  const fronts = ['#a56a52', '#8f8a80', '#6f7c86', '#b29a78'];
  [
    [-1, -1],
    [1, -1],
    [-1, 1],
    [1, 1],
  ].forEach(([sx, sz], corner) => {
    solids.push(box(sx * 32.5, 0, sz * 32.5, 50, 0.16, 50, { paint: (_l, _n, p) => paving(p) }));
    if (sz > 0) return;
    const lit = (p) => {
      const [u, v] = [p[0] + p[2] + 500, p[1] + 500];
      const inside = Math.abs((u % 2.8) - 1.4) < 0.85 && Math.abs((v % 3.2) - 1.6) < 0.85;
      if (inside && hash(Math.floor(u / 2.8), Math.floor(v / 3.2), corner) < 0.45)
        return scale([1, 0.72, 0.36], 2.4);
      return facade(p, fronts[corner], 3.2, 2.8);
    };
    solids.push(box(sx * 28, 0, sz * 25, 34, 19 + corner * 4, 26, { paint: lit }));
    solids.push(box(sx * 28, 0, sz * 25, 34.5, 3.1, 26.5, { paint: (p) => shopFront(p, corner) }));
  });
  const lamps = [];
  for (const [x, z, yaw] of [
    [-8.6, -8.6, 0.8],
    [8.6, -8.6, 2.3],
    [8.6, 8.6, 3.9],
    [-8.6, 8.6, -0.8],
    [-8.6, -26, 0],
    [8.6, -26, Math.PI],
  ]) {
    solids.push(...lampPost(x, z, 7, { glow: 6, yaw, reach: 1.8 }));
    lamps.push({
      at: [x + Math.cos(yaw) * 1.8, 6.8, z + Math.sin(yaw) * 1.8],
      colour: [2.6, 1.75, 0.95],
      range: 5,
      down: 1,
    });
  }
  const heads = [
    [-8, 8, 0],
    [8, -8, 0],
    [8, 8, 1],
    [-8, -8, 1],
  ];
  for (const [x, z] of heads)
    solids.push(at(prism('y', 0.09, 3.4, { colour: rgb('#2c3036') }, 6), x, 1.7, z));
  return {
    ambient: { above: [0.11, 0.15, 0.27], below: [0.08, 0.07, 0.08] },
    fog: { colour: [0.12, 0.13, 0.2], distance: 420 },
    exposure: 1.05,
    camera: { from: [-14, 12.5, 24], to: [0.5, 0, -1.5], fov: 60 },
    sky: (d) => mix(rgb('#c98a6a'), rgb('#34466e'), Math.min(1, Math.max(0, d[1]) * 2.6)),
    lamps,
    ground: { paint: (p) => roadCross(p), mirror: 0.09 },
    solids,
    moment: (phase) => {
      const moment = { solids: [], blobs: [], beams: [] };
      const across = phase < 0.5;
      for (const [x, z, way] of heads) {
        const green = (way === 0) === across;
        const lamp = (y, hex, on) =>
          at(
            ball([0.17, 0.17, 0.17], { colour: scale(rgb(hex), on ? 1 : 0.08), glow: on ? 7 : 0 }),
            x,
            y,
            z + 0.22,
          );
        moment.solids.push(box(x, 2.6, z, 0.42, 1.15, 0.36, { colour: rgb('#16181c') }));
        moment.solids.push(lamp(3.5, '#ff2a1c', !green), lamp(2.85, '#22e07a', green));
      }
      const lanes = [
        ['#d8dade', 0, 2.2, 0, 0.02],
        ['#8c1f24', 0, 2.2, 0, -0.09],
        ['#2c4f7a', 0, -2.2, Math.PI, 0],
        ['#d9b21c', 1, -2.2, Math.PI / 2, 0.5],
        ['#4a4e55', 1, 2.2, -Math.PI / 2, 0.52],
        ['#e7e7e2', 1, 2.2, -Math.PI / 2, 0.42],
      ];
      for (const [hex, way, lane, yaw, start] of lanes) {
        const share = wrap(phase - start);
        const along = lerp(-52, 76, share / 0.62);
        const sign = yaw === 0 || yaw === Math.PI / 2 ? 1 : -1;
        const [x, z] = way === 0 ? [sign * along, lane] : [lane, sign * along];
        if (Math.hypot(x, z) > 80) continue;
        drive(moment, car(hex, { headlights: true }), x, z, yaw);
        const dir = unit([Math.cos(yaw), -0.13, Math.sin(yaw)]);
        moment.beams.push({
          x: x + Math.cos(yaw) * 2.2,
          y: 0.75,
          z: z + Math.sin(yaw) * 2.2,
          dir,
          colour: [5, 4.3, 3.2],
          range: 5,
          edge: 0.88,
        });
      }
      walker(moment, COATS[4], '#20242c', [-6.6, 9.4], [-6.6, -12], ease((phase - 0.55) / 0.42), 0);
      walker(moment, COATS[1], '#33302b', [-18, 9.8], [16, 10.2], phase, 0.16);
      walker(moment, COATS[6], '#1f2e44', [22, -9.4], [-22, -9.6], phase, 0.16);
      return moment;
    },
  };
}

function paving(p) {
  return scale(
    rgb('#7d7871'),
    stripe(p[0], 0.8, 0.05) || stripe(p[2], 0.8, 0.05) ? 0.7 : 0.85 + 0.25 * noise(p[0], p[2]),
  );
}

function shopFront(p, corner) {
  const u = p[0] + p[2] + 500;
  if (p[1] > 0.75) return scale(rgb(['#7a2f2f', '#2e4a6b', '#3c5a44', '#6b5a2e'][corner]), 1.1);
  return stripe(u, 4.2, 0.5)
    ? rgb('#2a2622')
    : scale([1, 0.8, 0.5], 1.1 + 0.9 * hash(Math.floor(u / 4.2), corner));
}

function roadCross(p) {
  const [x, , z] = p;
  const white = rgb('#c3c2ba');
  const [ax, az] = [Math.abs(x), Math.abs(z)];
  if (az > 5.2 && az < 7.6 && ax < 4.4 && stripe(x, 1.1, 0.55)) return white;
  if (ax > 5.2 && ax < 7.6 && az < 4.4 && stripe(z, 1.1, 0.55)) return white;
  if (ax < 0.07 && az > 8.6 && stripe(z, 4, 2)) return white;
  if (az < 0.07 && ax > 8.6 && stripe(x, 4, 2)) return white;
  if (az > 8 && az < 8.4 && x * Math.sign(z) > 0 && ax < 4.4) return white;
  return asphalt('#4b4d52', p);
}

function corridor() {
  const [width, height, length] = [3.4, 2.8, 44];
  const wall = {
    paint: (_l, _n, p) => {
      if (p[1] < 0.14) return rgb('#3d4650');
      if (p[1] < 1.05 && p[1] > 0.95) return rgb('#5d7f8c');
      return scale(p[1] < 1 ? rgb('#9fb4b5') : rgb('#d8d6cc'), 0.95 + 0.08 * noise(p[2] * 3, p[1] * 3));
    },
  };
  const solids = [
    box(-width / 2 - 0.5, 0, -length / 2, 1, height, length + 16, wall),
    box(width / 2 + 0.5, 0, -length / 2, 1, height, length + 16, wall),
    box(0, height, -length / 2, width + 2, 1, length + 16, {
      paint: (_l, _n, p) =>
        scale(rgb('#c9c8c2'), stripe(p[0], 0.85, 0.03) || stripe(p[2], 1.2, 0.04) ? 0.7 : 1),
    }),
    box(0, 0, -length, width, height, 0.4, { colour: rgb('#c4c8c4') }),
    box(0, 0, -length + 0.3, 1.9, 2.15, 0.1, {
      paint: (p) => (Math.abs(p[0]) < 0.03 ? rgb('#1d2228') : rgb('#6e8f9c')),
    }),
    box(0, 2.3, -length + 0.3, 0.9, 0.3, 0.1, { colour: rgb('#1fbf6a'), glow: 2 }),
  ];
  const lamps = [];
  for (let i = 0; i < 11; i++) {
    const z = 0.4 - i * 4.2;
    solids.push(box(0, height - 0.03, z, 1.15, 0.05, 0.9, { colour: [1, 0.98, 0.92], glow: 3 }));
    lamps.push({ at: [0, height - 0.2, z], colour: [1.15, 1.1, 1], range: 1.7 });
    for (const side of [-1, 1]) {
      const door = i % 3 === 1 && side < 0 ? '#4f7a6a' : '#8d6c4a';
      const doorZ = z - 2.1 + (side < 0 ? 0 : 1.1);
      solids.push(
        box(side * (width / 2 - 0.01), 0, doorZ, 0.1, 2.12, 1.16, { colour: rgb('#585f66') }),
        box(side * (width / 2 - 0.03), 0, doorZ, 0.1, 2.05, 1, {
          paint: (p) => scale(rgb(door), 0.9 + 0.2 * noise(p[2] * 30, p[1] * 2)),
        }),
        box(side * (width / 2 - 0.08), 1, doorZ - 0.36, 0.1, 0.05, 0.14, { colour: rgb('#d0d0d0') }),
        box(side * (width / 2 - 0.02), 1.5, doorZ + 0.85, 0.06, 0.22, 0.3, { colour: rgb('#2f4d6b') }),
      );
    }
  }
  solids.push(
    box(-1.35, 0, -3.6, 0.5, 0.75, 1.5, { colour: rgb('#4f5b66') }),
    at(
      ball([0.34, 0.42, 0.34], { paint: (p) => scale(rgb('#3f6b33'), 0.5 + noise(p[0] * 20, p[1] * 20)) }),
      -1.3,
      1.1,
      -3.4,
    ),
  );
  return {
    ambient: { above: [0.17, 0.17, 0.17], below: [0.14, 0.14, 0.13] },
    occlusionReach: 1.6,
    exposure: 0.95,
    camera: { from: [0.85, 2.45, 4.4], to: [-0.25, 0.75, -8], fov: 66 },
    sky: () => [0, 0, 0],
    lamps,
    ground: {
      paint: (p) =>
        scale(
          rgb('#8d9294'),
          (stripe(p[0], 0.6, 0.02) || stripe(p[2], 0.6, 0.02) ? 0.75 : 0.92) +
            0.12 * noise(p[0] * 2, p[2] * 2),
        ),
      mirror: 0.42,
    },
    solids,
    moment: (phase) => {
      const moment = { solids: [], blobs: [] };
      const cart = lerp(-46, 9, wrap(phase + 0.15));
      walker(moment, '#e9edf0', '#5f7688', [0.75, -46], [0.75, 9], wrap(phase + 0.15));
      moment.solids.push(
        ...place(
          [
            box(0, 0.25, 0, 1.1, 0.6, 0.6, { colour: rgb('#aeb6bb') }),
            box(0, 0.85, 0, 0.9, 0.25, 0.5, { colour: rgb('#3f6fa0') }),
          ],
          0.75,
          cart + 1.1,
          Math.PI / 2,
        ),
      );
      moment.blobs.push({ x: 0.75, z: cart + 1.1, reach: 0.7 });
      walker(moment, '#2e4a6b', '#22252c', [-0.7, 5], [-0.6, -43], wrap(phase + 0.05));
      walker(moment, '#7a2f2f', '#2a2a2e', [-0.1, 6], [-0.2, -42], wrap(phase + 0.62));
      walker(moment, '#c9b58c', '#3a3328', [0.2, -43], [0.5, 8], wrap(phase + 0.7));
      return moment;
    },
  };
}

function loadingBay() {
  const cladding = {
    paint: (_l, _n, p) =>
      scale(rgb(p[1] < 1.25 ? '#5c6268' : '#b7bfc6'), 0.86 + 0.2 * Math.abs(((p[0] * 2.6) % 2) - 1)),
  };
  const solids = [
    box(0, 0, -10, 60, 8.5, 8, cladding),
    box(0, 8.5, -9, 60, 0.5, 11, { colour: rgb('#3a4048') }),
  ];
  for (let i = -2; i <= 2; i++) {
    const x = i * 6.2;
    const open = i === 0 || i === 2;
    solids.push(
      box(x, 1.2, -5.9, 3.7, 3.9, 0.4, { colour: rgb('#24282d') }),
      box(
        x,
        1.2,
        -5.75,
        3,
        3.3,
        0.4,
        open
          ? { colour: rgb('#d8b77a'), glow: 0.6 }
          : { paint: (p) => scale(rgb('#d9dcd8'), stripe(p[1], 0.55, 0.04) ? 0.6 : 1) },
      ),
      box(x, 0, -5.6, 3.2, 1.2, 0.5, {
        paint: (p) => (stripe(p[0] + p[1], 0.8, 0.4) ? rgb('#d9b013') : rgb('#1f2124')),
      }),
      box(x, 5.5, -5.9, 0.9, 0.7, 0.1, { colour: rgb('#1f4f86') }),
      box(x + 2.4, 4.2, -5.9, 0.25, 0.5, 0.3, { colour: open ? rgb('#19c060') : rgb('#e02a1f'), glow: 3 }),
    );
  }
  solids.push(
    ...place(truck('#8c2f24', '#dedfd9'), -6.2, 0.6, Math.PI / 2),
    ...place(truck('#23527c', '#c7ccd0'), 12.4, 0.6, Math.PI / 2),
  );
  for (const [x, z] of [
    [-14.5, 2],
    [-14.5, 3.4],
    [-13.2, 2.6],
    [7.2, -3.6],
    [-1.9, -3.9],
  ])
    solids.push(...pallet(x, 0, z), ...(hash(x, z) < 0.6 ? pallet(x, 1.1, z, '#8e9aa5') : []));
  for (let i = 0; i < 4; i++)
    solids.push(
      at(
        frustum(
          { height: 0.7, bottom: [0.4, 0.4], top: [0.06, 0.06] },
          { paint: (p) => (Math.abs(p[1]) < 0.12 ? rgb('#f0f0ea') : rgb('#e0561c')) },
        ),
        -9.6,
        0.35,
        6 + i * 1.8,
      ),
    );
  return {
    ...day,
    ambient: { above: [0.5, 0.54, 0.6], below: [0.2, 0.19, 0.18] },
    camera: { from: [9.5, 7.4, 17.5], to: [-0.8, 0.9, -3], fov: 60 },
    sky: daySky('#98a5b0', '#c9cccb'),
    sun: { dir: unit([0.75, 0.6, 0.55]), colour: [0.85, 0.8, 0.7] },
    ground: {
      paint: (p) => {
        const [x, , z] = p;
        if (z < 8 && z > -5 && stripe(x, 6.2, 0.16, 3.1)) return rgb('#c9a91f');
        if (Math.abs(z - 9) < 0.09) return rgb('#c9a91f');
        const joint = stripe(x, 4, 0.05) || stripe(z, 4, 0.05) ? 0.75 : 1;
        return scale(
          asphalt('#8b8a86', p),
          joint * (stripe(x + 0.8, 6.2, 0.5) || stripe(x - 0.8, 6.2, 0.5) ? 0.82 : 1),
        );
      },
    },
    solids,
    moment: (phase) => {
      const moment = { solids: [], blobs: [] };
      const back = ease(phase / 0.42) - ease((phase - 0.6) / 0.4);
      const z = lerp(26, 1.4, back);
      moment.solids.push(...place(truck('#c7cdd2', '#3c6e57'), 0, z, Math.PI / 2));
      for (let i = -5; i < 6; i++) moment.blobs.push({ x: 0, z: z + i, reach: 1.3, share: 0.3 });
      const turn = phase * TAU;
      const [x, fz] = [6.3 + 2.6 * Math.sin(turn), 1.2 + 4.6 * Math.cos(turn)];
      drive(
        moment,
        forklift(0.25 + 0.5 * (0.5 + 0.5 * Math.sin(turn))),
        x,
        fz,
        Math.atan2(-4.6 * Math.sin(turn), 2.6 * Math.cos(turn)),
      );
      const pace = 0.5 - 0.5 * Math.cos(turn);
      walker(moment, '#d8e02c', '#243042', [-3.4, 7.5], [-3, -2.6], pace);
      walker(moment, '#e0701c', '#243042', [-16, 10.2], [16, 10.8], phase);
      return moment;
    },
  };
}

function platform() {
  const solids = [
    box(3.4, 0, -40, 6.8, 1, 110, { paint: (_l, n, p) => platformTop(n, p) }),
    box(7.3, 1, -40, 1, 4.6, 110, { paint: (_l, _n, p) => tiles(p) }),
    box(-11.4, 0, -40, 6.8, 1, 110, { paint: (_l, n, p) => (n[1] > 0.5 ? paving(p) : rgb('#6a655c')) }),
    box(-14.5, 0, -40, 0.6, 6, 110, { paint: (_l, _n, p) => tiles(p) }),
    box(3.7, 5.3, -40, 7.6, 0.3, 110, {
      paint: (_l, _n, p) => scale(rgb('#8c959c'), stripe(p[2], 3, 0.1) ? 0.6 : 1),
    }),
    box(-11.5, 5.3, -40, 6.4, 0.3, 110, { colour: rgb('#7f878e') }),
  ];
  const lamps = [];
  for (let i = 0; i < 14; i++) {
    const z = 8 - i * 6.5;
    solids.push(at(prism('y', 0.16, 4.3, { colour: rgb('#39505e') }, 8), 5.6, 3.15, z - 2));
    solids.push(at(prism('y', 0.16, 4.3, { colour: rgb('#39505e') }, 8), -10.6, 3.15, z - 2));
    solids.push(
      box(2.4, 5.2, z, 0.3, 0.1, 3.4, { colour: [1, 0.95, 0.85], glow: 4 }),
      box(-10, 5.2, z, 0.3, 0.1, 3.4, { colour: [1, 0.95, 0.85], glow: 4 }),
    );
    if (i < 9)
      lamps.push(
        { at: [2.4, 5, z], colour: [1.5, 1.4, 1.2], range: 2.6 },
        { at: [-10, 5, z], colour: [1.1, 1, 0.9], range: 2.6 },
      );
    if (i % 2 === 0)
      solids.push(
        box(6.2, 1.35, z - 3, 0.6, 0.1, 2, { colour: rgb('#8a5a34') }),
        box(6.2, 1, z - 3, 0.4, 0.35, 1.6, { colour: rgb('#2c3036') }),
      );
  }
  for (const x of [-0.9, -2.35, -5.2, -6.65])
    solids.push(box(x, 0.12, -40, 0.09, 0.14, 110, { colour: rgb('#8f8a84'), mirror: 0.3 }));
  solids.push(
    box(4.2, 4.1, -3.4, 2.2, 0.7, 0.12, {
      paint: (p) => (Math.abs(p[1]) < 0.12 ? scale([1, 0.72, 0.2], 1.6) : rgb('#10161c')),
    }),
  );
  const waiting = [
    [1.7, -3.2, 0],
    [3, -6.2, 1],
    [2.2, -9.8, 2],
    [1.8, -15, 3],
    [3.3, -19, 5],
  ];
  for (const [x, z, i] of waiting)
    solids.push(...place(person(COATS[i], '#24272e', 0.05), x, z, Math.PI - 0.4 * i, 1));
  const carriage = (front) => {
    const side = (p) => {
      if (p[1] < -0.75) return rgb('#2b3036');
      if (p[1] < -0.5) return rgb('#d0342a');
      if (p[1] > 0.05 && p[1] < 0.95)
        return stripe(p[2], 2, 0.34)
          ? rgb('#aab2b8')
          : scale([0.95, 0.82, 0.55], 0.34 + 0.25 * hash(Math.floor(p[2] / 2)));
      return stripe(p[2], 6, 1.2) && p[1] < 1.1 ? rgb('#a8252c') : rgb('#b4bcc2');
    };
    return [
      at(
        frustum({ height: 3.4, bottom: [2.8, 19.4], top: [2.6, 19.2] }, { paint: side, mirror: 0.08 }),
        0,
        2.2,
        0,
      ),
      ...(front
        ? [
            box(0, 2.1, 9.72, 2.2, 1.3, 0.1, { colour: rgb('#141a22'), mirror: 0.5 }),
            ...[-1, 1].map((x) => box(x, 1.2, 9.72, 0.3, 0.25, 0.12, { colour: rgb('#fff3d6'), glow: 6 })),
          ]
        : []),
    ];
  };
  return {
    ambient: { above: [0.26, 0.28, 0.32], below: [0.15, 0.15, 0.15] },
    fog: { colour: [0.13, 0.15, 0.18], distance: 330 },
    occlusionReach: 3,
    exposure: 1.05,
    camera: { from: [3.5, 4.6, 8], to: [-0.6, 1.6, -8], fov: 64 },
    sky: (d) => mix(rgb('#8d9aa8'), rgb('#4c6179'), Math.min(1, Math.max(0, d[1]) * 2)),
    lamps,
    ground: {
      paint: (p) =>
        stripe(p[2], 0.7, 0.26) && (Math.abs(p[0] + 1.6) < 1.25 || Math.abs(p[0] + 5.9) < 1.25)
          ? rgb('#5c564d')
          : scale(rgb('#5a544c'), 0.4 + 0.9 * hash(p[0] * 9, p[2] * 9)),
    },
    solids,
    moment: (phase) => {
      const moment = { solids: [], blobs: [] };
      const head = -150 + 260 * ease(phase);
      for (let i = 0; i < 4; i++) moment.solids.push(...place(carriage(i === 0), -1.62, head - i * 19.8));
      const away = lerp(60, -230, wrap(phase + 0.55));
      for (let i = 0; i < 4; i++) moment.solids.push(...place(carriage(false), -5.9, away + i * 19.8));
      walker(moment, COATS[6], '#1f2e44', [4.9, -34], [3.2, 8.5], phase, 1);
      walker(moment, COATS[4], '#3a3328', [3.6, 7], [5.4, -30], wrap(phase + 0.4), 1);
      return moment;
    },
  };
}

function platformTop(n, p) {
  if (n[1] < 0.5) return rgb('#6d6860');
  if (p[0] > 0.55 && p[0] < 0.95) return rgb('#d9b825');
  if (p[0] < 0.3) return rgb('#c9c8c2');
  return scale(
    rgb('#86827b'),
    stripe(p[0], 0.9, 0.03) || stripe(p[2], 0.9, 0.03) ? 0.75 : 0.9 + 0.2 * noise(p[0] * 2, p[2] * 2),
  );
}

function tiles(p) {
  if (p[1] > 3.4 && p[1] < 4.1) return rgb('#24507a');
  return scale(rgb('#cfcabb'), stripe(p[1], 0.4, 0.03) || stripe(p[2], 0.8, 0.03) ? 0.75 : 1);
}

function hall() {
  const blue = { colour: rgb('#24508c') };
  const orange = { colour: rgb('#d2691e') };
  const solids = [
    box(0, 0, -42, 60, 12, 1, {
      paint: (_l, _n, p) => scale(rgb('#868e94'), stripe(p[0], 2, 0.08) ? 0.8 : 1),
    }),
    box(-17.5, 0, -15, 1, 12, 60, {
      paint: (_l, _n, p) => scale(rgb('#8d9394'), stripe(p[2], 2, 0.08) ? 0.8 : 1),
    }),
    box(17.5, 0, -15, 1, 12, 60, { colour: rgb('#8d9394') }),
    box(0, 10, -15, 60, 1, 60, {
      paint: (_l, _n, p) => scale(rgb('#5a6168'), stripe(p[2], 4, 0.4) ? 0.6 : 1),
    }),
  ];
  const cartons = ['#a8845a', '#8f6f4a', '#c0a070', '#6f8596', '#b5b9b6', '#7d4b3a'];
  for (const [row, x] of [-14, -7.2, 8.6, 15.2].entries()) {
    for (let bay = 0; bay < 9; bay++) {
      const z = -3 - bay * 3.2;
      for (const dx of [-0.55, 0.55]) solids.push(box(x + dx, 0, z + 1.6, 0.12, 6.6, 0.12, blue));
      for (let level = 0; level < 4; level++) {
        const y = 0.1 + level * 1.65;
        solids.push(box(x, y, z, 1.25, 0.13, 3.1, orange));
        for (const dz of [-0.75, 0.75]) {
          if (hash(row * 40 + bay, level, dz * 4) < 0.2) continue;
          const colour = rgb(cartons[Math.floor(hash(bay + row * 9, level + dz * 4, 3) * cartons.length)]);
          const tall = 0.7 + 0.6 * hash(level, bay, row);
          solids.push(
            box(x, y + 0.13, z + dz, 1.05, tall, 1.2, {
              paint: (p) => scale(colour, stripe(p[1], 0.42, 0.03) || Math.abs(p[2]) < 0.03 ? 0.6 : 1),
            }),
          );
        }
      }
    }
  }
  const lamps = [];
  for (const x of [-10.5, 0.8, 12]) {
    for (let i = 0; i < 6; i++) {
      const z = 4 - i * 7;
      solids.push(box(x, 9.3, z, 0.9, 0.15, 2, { colour: [1, 0.98, 0.9], glow: 4 }));
      lamps.push({ at: [x, 9, z], colour: [1.25, 1.2, 1.08], range: 6 });
    }
  }
  solids.push(
    box(0.8, 0.75, -14, 1.1, 0.14, 30, { colour: rgb('#2a2e33') }),
    ...[-0.62, 0.62].map((dx) => box(0.8 + dx, 0.7, -14, 0.1, 0.26, 30, { colour: rgb('#c8ccd0') })),
  );
  for (let i = 0; i < 8; i++)
    solids.push(box(0.8, 0, -1 - i * 4, 0.9, 0.7, 0.14, { colour: rgb('#5a6168') }));
  return {
    ambient: { above: [0.24, 0.25, 0.27], below: [0.17, 0.16, 0.15] },
    occlusionReach: 2.5,
    exposure: 0.72,
    camera: { from: [-1.6, 6.4, 9.5], to: [1.2, 1.2, -9], fov: 66 },
    sky: () => [0, 0, 0],
    lamps,
    ground: {
      paint: (p) => {
        const lane = [-4.6, -2, 3.4, 6.2].some((x) => Math.abs(p[0] - x) < 0.07);
        return lane ? rgb('#d0b01c') : scale(rgb('#85898a'), 0.85 + 0.25 * rough(p[0], p[2]));
      },
      mirror: 0.22,
    },
    solids,
    moment: (phase) => {
      const moment = { solids: [], blobs: [] };
      for (let i = 0; i < 10; i++) {
        const z = -29 + 30 * wrap(phase + i / 10);
        const tall = 0.35 + 0.3 * hash(i, 5);
        moment.solids.push(
          box(0.8, 0.9, z, 0.7, tall, 0.8 + 0.4 * hash(i), { colour: rgb(cartons[i % cartons.length]) }),
        );
      }
      const out = Math.abs(1 - 2 * phase);
      drive(
        moment,
        forklift(0.3 + 1.2 * (1 - ease(out * 3))),
        -3.3,
        lerp(-27, 3, ease(out)),
        phase < 0.5 ? -Math.PI / 2 : Math.PI / 2,
      );
      const robot = [
        box(0, 0.08, 0, 1.3, 0.3, 0.9, { colour: rgb('#e8e8e4') }),
        box(0.62, 0.16, 0, 0.1, 0.1, 0.7, { colour: rgb('#2f8fff'), glow: 3 }),
        ...pallet(0, 0.4, 0),
      ];
      for (const offset of [0, 0.5])
        drive(moment, robot, 4.8, lerp(12, -44, wrap(phase + offset)), -Math.PI / 2);
      walker(moment, '#e0701c', '#22324a', [2.6, -30], [2.7, 8], wrap(phase + 0.2));
      return moment;
    },
  };
}

function northFence() {
  const steel = { colour: rgb('#a8a8a8') };
  const solids = [];
  for (let i = 0; i < 24; i++) {
    const z = 5 - i * 3;
    solids.push(at(prism('y', 0.05, 2.6, steel, 6), 1.5, 1.3, z));
    for (const y of [0.15, 1.3, 2.45]) solids.push(box(1.5, y, z - 1.5, 0.035, 0.045, 3, steel));
    for (let wire = 1; wire < 10; wire++) solids.push(box(1.5, 0.15, z - wire * 0.3, 0.02, 2.3, 0.02, steel));
    solids.push(at(frustum({ height: 0.5, bottom: [0.05, 0.05], shift: [0.35, 0] }, steel), 1.5, 2.85, z));
  }
  for (let i = 0; i < 16; i++) solids.push(...tree(9 + 7 * hash(i, 2), 2 - i * 5, 5 + 4 * hash(i), i));
  solids.push(
    box(-15, 0, -34, 14, 5, 26, { paint: (p) => facade(p, '#6f6f6f', 2.6, 3) }),
    ...lampPost(-6.5, -26, 6, { glow: 6 }),
  );
  const lamps = [
    { at: [-1.5, 4, 8], colour: [1.5, 1.5, 1.5], range: 7 },
    { at: [-5.3, 5.8, -26], colour: [1.6, 1.6, 1.6], range: 5 },
  ];
  return {
    ambient: { above: [0.035, 0.035, 0.035], below: [0.02, 0.02, 0.02] },
    fog: { colour: [0.035, 0.035, 0.035], distance: 60 },
    exposure: 1.2,
    monochrome: true,
    grain: 5,
    camera: { from: [-2.4, 3.7, 8], to: [0.6, 0.7, -7], fov: 62 },
    sky: (d) => scale([0.05, 0.05, 0.05], 0.5 + rough(d[0] * 4, d[1] * 9)),
    lamps,
    ground: {
      paint: (p) => {
        if (p[0] > -4.4 && p[0] < -0.4) {
          const rut = Math.abs(Math.abs(p[0] + 2.4) - 0.85) < 0.35 ? 0.75 : 1;
          return scale(rgb('#8c8c8c'), rut * (0.5 + 0.8 * rough(p[0] * 2, p[2] * 2)));
        }
        return scale(rgb('#787878'), 0.25 + 0.9 * rough(p[0] * 3, p[2] * 3));
      },
    },
    solids,
    moment: (phase) => {
      const moment = { solids: [], blobs: [], beams: [] };
      const z = lerp(-40, 7, phase);
      walker(moment, '#8a8a8a', '#3c3c3c', [-2.3, -40], [-1.7, 7], phase);
      const sway = 0.35 * Math.sin(phase * TAU * 3);
      moment.beams.push({
        x: -1.7,
        y: 1.2,
        z: z + 0.4,
        dir: unit([sway, -0.22, 1]),
        colour: [9, 9, 9],
        range: 3,
        edge: 0.93,
      });
      moment.solids.push(at(ball([0.07, 0.07, 0.07], { colour: [1, 1, 1], glow: 9 }), -1.75, 1.15, z + 0.35));
      const sweep = -0.15 + 0.6 * Math.sin(phase * TAU);
      moment.beams.push({
        x: -6,
        y: 7,
        z: -8,
        dir: unit([Math.cos(sweep) * 0.9, -0.5, -0.55 + sweep]),
        colour: [6, 6, 6],
        range: 9,
        edge: 0.965,
      });
      const fox = wrap(phase + 0.5);
      const gait = Math.sin(fox * TAU * 12) * 0.1;
      const coat = { colour: rgb('#c8c8c8') };
      moment.solids.push(
        ...place(
          [
            at(ball([0.36, 0.14, 0.12], coat), 0, 0.36, 0),
            at(ball([0.14, 0.1, 0.1], coat), 0.42, 0.46, 0),
            at(ball([0.3, 0.07, 0.07], coat), -0.55, 0.34, 0),
            ...[0.2, -0.2].flatMap((x, i) =>
              [0.06, -0.06].map((dz, j) => box(x + gait * (i === j ? 1 : -1), 0, dz, 0.05, 0.3, 0.05, coat)),
            ),
          ],
          lerp(14, -14, fox),
          -3.5 - 2 * fox,
          Math.PI - 0.15,
        ),
      );
      return moment;
    },
  };
}

/** By camera id, in the order of the cameras' numbers: see `DEMO_CAMERAS` in electron/demo. */
export const SCENES = {
  'car-park': carPark,
  'main-gate': mainGate,
  quay,
  crossroads,
  corridor,
  'loading-bay': loadingBay,
  platform,
  hall,
  'north-fence': northFence,
};
