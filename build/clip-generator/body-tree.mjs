// The solids that do not move, in a tree of boxes, so that a ray is tested against few of them.

import { hit, last } from './solids.mjs';

const LEAF_SIZE = 3;

export class BodyTree {
  #bodies = [];
  /** Six bounds a node: lowest x, y, z, highest x, y, z. */
  #bounds = [];
  /** A leaf holds `-1 - first` and the count, a branch its two children's numbers. */
  #links = [];

  constructor(bodies) {
    if (bodies.length > 0) this.#build(bodies.map((body) => ({ body, ...boundsOf(body) })));
    this.#bounds = new Float64Array(this.#bounds);
    this.#links = new Int32Array(this.#links);
    this.stack = new Int32Array(128);
  }

  #build(entries) {
    const node = this.#links.length / 2;
    const low = [0, 1, 2].map((i) => Math.min(...entries.map((entry) => entry.low[i])));
    const high = [0, 1, 2].map((i) => Math.max(...entries.map((entry) => entry.high[i])));
    this.#bounds.push(...low, ...high);
    this.#links.push(0, 0);
    if (entries.length <= LEAF_SIZE) {
      this.#links[2 * node] = -1 - this.#bodies.length;
      this.#links[2 * node + 1] = entries.length;
      this.#bodies.push(...entries.map((entry) => entry.body));
      return node;
    }
    const sizes = high.map((value, i) => value - low[i]);
    const axis = sizes.indexOf(Math.max(...sizes));
    entries.sort((a, b) => a.low[axis] + a.high[axis] - b.low[axis] - b.high[axis]);
    const middle = entries.length >> 1;
    const children = [this.#build(entries.slice(0, middle)), this.#build(entries.slice(middle))];
    [this.#links[2 * node], this.#links[2 * node + 1]] = children;
    return node;
  }

  /**
   * The nearest solid that the ray enters before `limit`, with its distance, normal and local point; with
   * `any`, the first that is found.
   */
  nearest(ox, oy, oz, dx, dy, dz, limit, any = false) {
    if (this.#bodies.length === 0) return undefined;
    const [ix, iy, iz] = [1 / dx, 1 / dy, 1 / dz];
    const { stack } = this;
    let depth = 0;
    stack[depth++] = 0;
    let t = limit;
    let found;
    while (depth > 0) {
      const node = stack[--depth];
      const b = 6 * node;
      const bounds = this.#bounds;
      const ax = (bounds[b] - ox) * ix;
      const bx = (bounds[b + 3] - ox) * ix;
      const ay = (bounds[b + 1] - oy) * iy;
      const by = (bounds[b + 4] - oy) * iy;
      const az = (bounds[b + 2] - oz) * iz;
      const bz = (bounds[b + 5] - oz) * iz;
      const near = Math.max(Math.min(ax, bx), Math.min(ay, by), Math.min(az, bz));
      const far = Math.min(Math.max(ax, bx), Math.max(ay, by), Math.max(az, bz));
      if (near > far || far < 0 || near > t) continue;
      const first = this.#links[2 * node];
      const second = this.#links[2 * node + 1];
      if (first >= 0) {
        stack[depth++] = first;
        stack[depth++] = second;
        continue;
      }
      for (let i = -1 - first; i < -1 - first + second; i++) {
        const body = this.#bodies[i];
        const candidate = hit(body, ox, oy, oz, dx, dy, dz, t);
        if (candidate >= t) continue;
        t = candidate;
        found = {
          t,
          normal: [last.nx, last.ny, last.nz],
          local: [last.x, last.y, last.z],
          material: body.material,
        };
        if (any) return found;
      }
    }
    return found;
  }
}

function boundsOf({ x, y, z, half, axes }) {
  const extent = [0, 1, 2].map(
    (i) =>
      1e-3 + Math.abs(axes[i]) * half[0] + Math.abs(axes[3 + i]) * half[1] + Math.abs(axes[6 + i]) * half[2],
  );
  const centre = [x, y, z];
  return { low: centre.map((c, i) => c - extent[i]), high: centre.map((c, i) => c + extent[i]) };
}
