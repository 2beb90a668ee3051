// A small ray tracer for scenes of a camera that does not move: what does not move is lit once, with shadows and
// ambient occlusion, and each frame adds what moves. It takes two by two samples a pixel.

import { BodyTree } from './body-tree.mjs';
import { mix } from './paint.mjs';
import { hit, last } from './solids.mjs';

const OVERSAMPLE = 2;
const AMBIENT_RAYS = 8;
const SUN_RAYS = 2;

/** Tone curve and gamma for linear light 0 to 8. */
const TONE = Uint8ClampedArray.from(
  { length: 8192 },
  (_, i) => 255 * (1 - Math.exp((-1.35 * i) / 1024)) ** (1 / 2.2),
);

function generator(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

export class Renderer {
  constructor(scene, width, height) {
    this.scene = scene;
    this.width = width;
    this.height = height;
    this.columns = width * OVERSAMPLE;
    this.rows = height * OVERSAMPLE;
    const samples = this.columns * this.rows;
    this.rays = new Float32Array(samples * 3);
    this.lit = new Float32Array(samples * 3);
    this.sun = new Float32Array(samples * 3);
    this.albedo = new Float32Array(samples * 3);
    this.depth = new Float32Array(samples).fill(Infinity);
    this.frameLit = new Float32Array(samples * 3);
    this.frameDepth = new Float32Array(samples);
    this.shaded = new Uint8Array(samples);
    this.tree = new BodyTree(scene.solids);
    this.moving = [];
    this.random = generator(scene.seed ?? 77);
    this.#aim();
    this.#lightWhatStands();
  }

  #aim() {
    const { from, to, fov } = this.scene.camera;
    const sub = (a, b) => a.map((value, i) => value - b[i]);
    const unit = (v) => v.map((value) => value / Math.hypot(...v));
    const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    this.forward = unit(sub(to, from));
    this.right = unit(cross(this.forward, [0, 1, 0]));
    this.up = cross(this.right, this.forward);
    this.focal = this.columns / 2 / Math.tan((fov * Math.PI) / 360);
    for (let row = 0, at = 0; row < this.rows; row++) {
      for (let column = 0; column < this.columns; column++, at += 3) {
        const u = column + 0.5 - this.columns / 2;
        const v = this.rows / 2 - row - 0.5;
        const d = unit(
          [0, 1, 2].map((i) => this.forward[i] * this.focal + this.right[i] * u + this.up[i] * v),
        );
        this.rays.set(d, at);
      }
    }
  }

  /** The nearest surface along a ray of what does not move, or `undefined` for the sky. */
  #nearest(o, d, limit = Infinity) {
    const found = this.tree.nearest(o[0], o[1], o[2], d[0], d[1], d[2], limit);
    const { ground } = this.scene;
    if (ground === undefined || d[1] > -1e-6) return found;
    const t = -o[1] / d[1];
    if (t <= 0 || t >= (found?.t ?? limit)) return found;
    return { t, normal: [0, 1, 0], local: [o[0] + d[0] * t, 0, o[2] + d[2] * t], material: ground };
  }

  #blocked(p, d, limit = Infinity) {
    return this.tree.nearest(p[0], p[1], p[2], d[0], d[1], d[2], limit, true) !== undefined;
  }

  #ambientShare(p, n) {
    let open = 0;
    const reach = this.scene.occlusionReach ?? 6;
    for (let ray = 0; ray < AMBIENT_RAYS; ray++) {
      const z = 2 * this.random() - 1;
      const angle = 2 * Math.PI * ((ray + this.random()) / AMBIENT_RAYS);
      const flat = Math.sqrt(1 - z * z);
      const d = [n[0] + flat * Math.cos(angle), n[1] + flat * Math.sin(angle), n[2] + z];
      const length = Math.hypot(...d) || 1;
      if (!this.#blocked(p, [d[0] / length, d[1] / length, d[2] / length], reach)) open++;
    }
    return 0.25 + (0.75 * open) / AMBIENT_RAYS;
  }

  #lightWhatStands() {
    const { camera, sky, sun } = this.scene;
    for (let at = 0; at < this.depth.length; at++) {
      const d = [this.rays[3 * at], this.rays[3 * at + 1], this.rays[3 * at + 2]];
      const surface = this.#nearest(camera.from, d);
      if (surface === undefined) {
        this.lit.set(sky(d), 3 * at);
        continue;
      }
      this.depth[at] = surface.t;
      if (surface.material.live) this.moving.push({ at, live: surface.material.live });
      const { colour, sunlight, albedo } = this.#shade(camera.from, d, surface, 1);
      this.lit.set(this.#hazed(colour, surface.t), 3 * at);
      this.albedo.set(albedo, 3 * at);
      if (sun && !surface.material.live)
        this.sun.set(
          sunlight.map((part) => part * this.#clear(surface.t)),
          3 * at,
        );
    }
  }

  #clear(t) {
    const fog = this.scene.fog;
    return fog ? Math.exp(-t / fog.distance) : 1;
  }

  #hazed(colour, t) {
    return this.scene.fog ? mix(this.scene.fog.colour, colour, this.#clear(t)) : colour;
  }

  #shade(o, d, surface, bounces) {
    const { scene } = this;
    const { t, normal: n, local, material } = surface;
    const p = [0, 1, 2].map((i) => o[i] + d[i] * t + n[i] * 2e-3);
    const albedo = material.paint ? material.paint(local, n, p) : material.colour;
    const open = bounces > 0 ? this.#ambientShare(p, n) : 0.7;
    const light = this.#ambient(n).map((part) => part * open);
    for (const lamp of scene.lamps ?? []) {
      const [share, lx, ly, lz, distance] = lampShare(lamp, p, n);
      if (share <= 1e-3) continue;
      if (lamp.shadows && this.#blocked(p, [lx, ly, lz], distance)) continue;
      for (let i = 0; i < 3; i++) light[i] += lamp.colour[i] * share;
    }
    const sunlight = [0, 0, 0];
    if (scene.sun) {
      const facing = n[0] * scene.sun.dir[0] + n[1] * scene.sun.dir[1] + n[2] * scene.sun.dir[2];
      let seen = 0;
      for (let ray = 0; facing > 0 && ray < SUN_RAYS; ray++) {
        const dir = scene.sun.dir.map((part) => part + (this.random() - 0.5) * 0.03);
        const length = Math.hypot(...dir);
        if (
          !this.#blocked(
            p,
            dir.map((part) => part / length),
          )
        )
          seen++;
      }
      for (let i = 0; i < 3; i++)
        sunlight[i] = albedo[i] * scene.sun.colour[i] * Math.max(0, facing) * (seen / SUN_RAYS);
    }
    let colour = [0, 1, 2].map((i) => albedo[i] * light[i] + sunlight[i] + (material.glow ?? 0) * albedo[i]);
    if (material.mirror && bounces > 0) {
      const along = d[0] * n[0] + d[1] * n[1] + d[2] * n[2];
      const away = [0, 1, 2].map((i) => d[i] - 2 * along * n[i]);
      const other = this.#nearest(p, away);
      const seen = other ? this.#shade(p, away, other, bounces - 1).colour : scene.sky(away);
      colour = mix(colour, seen, material.mirror * (0.35 + 0.65 * (1 - Math.abs(along)) ** 2));
    }
    return { colour, sunlight, albedo };
  }

  #ambient(n) {
    const { above, below } = this.scene.ambient;
    return mix(below, above, 0.5 + 0.5 * n[1]);
  }

  /**
   * The picture of one moment as 8-bit RGB.
   * @param moment what moves: `solids`, `beams` of light, soft contact shadows (`blobs`)
   */
  frame(moment, phase) {
    this.frameLit.set(this.lit);
    this.frameDepth.set(this.depth);
    this.shaded.fill(0);
    for (const { at, live } of this.moving) this.#repaint(at, live, phase);
    for (const blob of moment.blobs ?? []) this.#darken(blob);
    if (this.scene.sun) for (const body of moment.solids) this.#castShadow(body);
    for (const beam of moment.beams ?? []) this.#shine(beam);
    for (const body of moment.solids) this.#draw(body);
    return this.#resolve();
  }

  #repaint(at, live, phase) {
    const { from } = this.scene.camera;
    const t = this.depth[at];
    const d = [this.rays[3 * at], this.rays[3 * at + 1], this.rays[3 * at + 2]];
    const p = [from[0] + d[0] * t, from[1] + d[1] * t, from[2] + d[2] * t];
    const colour = this.#hazed(live(p, d, phase), t);
    for (let i = 0; i < 3; i++) this.frameLit[3 * at + i] = colour[i];
  }

  /** Sample columns and rows that a sphere may cover: `[left, top, right, bottom]`, right and bottom excluded. */
  #bounds(x, y, z, reach) {
    const { from } = this.scene.camera;
    const [dx, dy, dz] = [x - from[0], y - from[1], z - from[2]];
    const dot = (axis) => dx * axis[0] + dy * axis[1] + dz * axis[2];
    const ahead = dot(this.forward);
    if (ahead < -reach) return [0, 0, 0, 0];
    if (ahead < reach * 1.2) return [0, 0, this.columns, this.rows];
    const zoom = this.focal / ahead;
    const size = (reach * this.focal * 1.25) / (ahead - reach) + 2;
    const [u, v] = [this.columns / 2 + dot(this.right) * zoom, this.rows / 2 - dot(this.up) * zoom];
    return [
      Math.max(0, Math.floor(u - size)),
      Math.max(0, Math.floor(v - size)),
      Math.min(this.columns, Math.ceil(u + size)),
      Math.min(this.rows, Math.ceil(v + size)),
    ];
  }

  #draw(body) {
    const { from } = this.scene.camera;
    const [left, top, right, bottom] = this.#bounds(body.x, body.y, body.z, body.reach);
    for (let row = top; row < bottom; row++) {
      for (let column = left, at = row * this.columns + left; column < right; column++, at++) {
        const d = [this.rays[3 * at], this.rays[3 * at + 1], this.rays[3 * at + 2]];
        const t = hit(body, from[0], from[1], from[2], d[0], d[1], d[2], this.frameDepth[at]);
        if (t >= this.frameDepth[at]) continue;
        this.frameDepth[at] = t;
        this.frameLit.set(this.#hazed(this.#shadeMoving(body, d, t), t), 3 * at);
      }
    }
  }

  #shadeMoving(body, d, t) {
    const { scene } = this;
    const n = [last.nx, last.ny, last.nz];
    const local = [last.x, last.y, last.z];
    const p = [0, 1, 2].map((i) => scene.camera.from[i] + d[i] * t);
    const albedo = body.material.paint ? body.material.paint(local, n, p) : body.material.colour;
    const light = this.#ambient(n).map((part) => part * Math.min(0.9, 0.45 + 0.4 * p[1]));
    for (const lamp of scene.lamps ?? []) {
      const [share] = lampShare(lamp, p, n);
      for (let i = 0; i < 3; i++) light[i] += lamp.colour[i] * share;
    }
    if (scene.sun) {
      const facing = n[0] * scene.sun.dir[0] + n[1] * scene.sun.dir[1] + n[2] * scene.sun.dir[2];
      const seen =
        facing > 0 && !(body.material.mirror === undefined && this.#blocked(p, scene.sun.dir)) ? facing : 0;
      for (let i = 0; i < 3; i++) light[i] += scene.sun.colour[i] * seen;
    }
    const colour = [0, 1, 2].map((i) => albedo[i] * light[i] + (body.material.glow ?? 0) * albedo[i]);
    if (!body.material.mirror) return colour;
    const along = d[0] * n[0] + d[1] * n[1] + d[2] * n[2];
    const away = [0, 1, 2].map((i) => d[i] - 2 * along * n[i]);
    return mix(colour, scene.sky(away), body.material.mirror * (0.4 + 0.6 * (1 - Math.abs(along)) ** 2));
  }

  #castShadow(body) {
    if (body.material.shadowless) return;
    const { sun } = this.scene;
    const { from } = this.scene.camera;
    const [dx, dy, dz] = sun.dir;
    const drop = Math.max(0, body.y) / sun.dir[1];
    const [sx, sz] = [body.x - sun.dir[0] * drop, body.z - sun.dir[2] * drop];
    const reach = Math.hypot(body.x - sx, body.y, body.z - sz) / 2 + body.reach / sun.dir[1];
    const bounds = this.#bounds((body.x + sx) / 2, body.y / 2, (body.z + sz) / 2, reach);
    for (let row = bounds[1]; row < bounds[3]; row++) {
      for (let column = bounds[0], at = row * this.columns + bounds[0]; column < bounds[2]; column++, at++) {
        if (this.shaded[at] || this.sun[3 * at + 1] === 0) continue;
        const t = this.depth[at] - 2e-3;
        const px = from[0] + this.rays[3 * at] * t;
        const py = from[1] + this.rays[3 * at + 1] * t;
        const pz = from[2] + this.rays[3 * at + 2] * t;
        if (hit(body, px, py, pz, dx, dy, dz, Infinity) === Infinity) continue;
        this.shaded[at] = 1;
        for (let i = 3 * at; i < 3 * at + 3; i++)
          this.frameLit[i] = Math.max(0, this.frameLit[i] - this.sun[i]);
      }
    }
  }

  #darken({ x, z, reach, share = 0.55, y = 0 }) {
    const { from } = this.scene.camera;
    const [left, top, right, bottom] = this.#bounds(x, y, z, reach * 2);
    for (let row = top; row < bottom; row++) {
      for (let column = left, at = row * this.columns + left; column < right; column++, at++) {
        const t = this.depth[at];
        const py = from[1] + this.rays[3 * at + 1] * t;
        if (Math.abs(py - y) > 0.15) continue;
        const far2 =
          (from[0] + this.rays[3 * at] * t - x) ** 2 + (from[2] + this.rays[3 * at + 2] * t - z) ** 2;
        const keep = 1 - share * Math.exp(-far2 / (reach * reach));
        for (let i = 3 * at; i < 3 * at + 3; i++) this.frameLit[i] *= keep;
      }
    }
  }

  /** A cone of light, with `dir` of unit length, on everything that does not move. */
  #shine({ x, y, z, dir, colour, range, edge = 0.9 }) {
    const { from } = this.scene.camera;
    for (let at = 0; at < this.depth.length; at++) {
      const t = this.depth[at];
      if (t === Infinity) continue;
      const px = from[0] + this.rays[3 * at] * t - x;
      const py = from[1] + this.rays[3 * at + 1] * t - y;
      const pz = from[2] + this.rays[3 * at + 2] * t - z;
      const along = px * dir[0] + py * dir[1] + pz * dir[2];
      if (along <= 0.1) continue;
      const distance = Math.sqrt(px * px + py * py + pz * pz);
      const inside = (along / distance - edge) / (1 - edge);
      if (inside <= 0) continue;
      const share = (Math.min(1, inside * 1.8) ** 2 * this.#clear(t)) / (1 + (distance / range) ** 2);
      for (let i = 0; i < 3; i++)
        this.frameLit[3 * at + i] += (this.albedo[3 * at + i] + 0.01) * colour[i] * share;
    }
  }

  #resolve() {
    const out = new Uint8ClampedArray(this.width * this.height * 3);
    const line = this.columns * 3;
    const gain = 1024 * (this.scene.exposure ?? 1);
    const tone = (value) => TONE[Math.min(8191, (value * gain) | 0)];
    for (let y = 0, at = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        const from = 2 * y * line + 6 * x;
        for (let i = from; i < from + 3; i++, at++) {
          const { frameLit } = this;
          out[at] =
            (tone(frameLit[i]) +
              tone(frameLit[i + 3]) +
              tone(frameLit[i + line]) +
              tone(frameLit[i + line + 3])) /
            4;
        }
      }
    }
    return out;
  }
}

function lampShare(lamp, p, n) {
  const [dx, dy, dz] = [lamp.at[0] - p[0], lamp.at[1] - p[1], lamp.at[2] - p[2]];
  const distance = Math.hypot(dx, dy, dz) || 1e-6;
  const [lx, ly, lz] = [dx / distance, dy / distance, dz / distance];
  const facing = Math.max(0, 0.15 + 0.85 * (n[0] * lx + n[1] * ly + n[2] * lz));
  const down = lamp.down ? Math.max(0, ly) ** lamp.down : 1;
  return [(facing * down) / (1 + (distance / lamp.range) ** 2), lx, ly, lz, distance];
}
