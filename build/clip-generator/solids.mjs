// Solids for the demo's scenes: convex bodies given by planes, and ellipsoids. Lengths in metres, y upwards.

const UPRIGHT = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** `half`: half the size along the solid's own axes; all of it lies within `reach` of its origin. */
function solid(kind, half, reach, material, extra) {
  const origin = { x: 0, y: 0, z: 0, axes: UPRIGHT };
  return { kind, ...origin, half, reach, material, planes: new Float64Array(0), radii: [], ...extra };
}

/**
 * A body with rectangular bottom and top, the top shifted by `shift`: a box, a car's cabin, a swinging leg.
 * Its origin is the middle of its height above the bottom's centre.
 */
export function frustum({ height, bottom, top = bottom, shift = [0, 0] }, material) {
  const half = height / 2;
  const planes = [0, -1, 0, half, 0, 1, 0, half];
  for (const sign of [1, -1]) {
    for (const axis of [0, 1]) {
      const below = (sign * bottom[axis]) / 2;
      const above = shift[axis] + (sign * top[axis]) / 2;
      const length = Math.hypot(height, above - below);
      const out = (sign * height) / length;
      const up = (-sign * (above - below)) / length;
      const distance = out * below - up * half;
      planes.push(axis === 0 ? out : 0, up, axis === 0 ? 0 : out, distance);
    }
  }
  const wide = Math.max(bottom[0], top[0]) / 2 + Math.abs(shift[0]);
  const deep = Math.max(bottom[1], top[1]) / 2 + Math.abs(shift[1]);
  return solid('convex', [wide, half, deep], Math.hypot(wide, half, deep), material, {
    planes: new Float64Array(planes),
  });
}

/** A box standing on `y`. */
export function box(x, y, z, width, height, depth, material, yaw = 0) {
  return at(frustum({ height, bottom: [width, depth] }, material), x, y + height / 2, z, yaw);
}

/** A prism with `sides` faces around the axis `x`, `y` or `z`: wheels, poles, tanks. */
export function prism(axis, radius, length, material, sides = 10) {
  const planes = [];
  const put = (along, a, b, distance) => {
    if (axis === 'x') planes.push(along, a, b, distance);
    else if (axis === 'y') planes.push(a, along, b, distance);
    else planes.push(a, b, along, distance);
  };
  put(1, 0, 0, length / 2);
  put(-1, 0, 0, length / 2);
  for (let side = 0; side < sides; side++) {
    const angle = ((side + 0.5) / sides) * 2 * Math.PI;
    put(0, Math.cos(angle), Math.sin(angle), radius);
  }
  const corner = radius / Math.cos(Math.PI / sides);
  const half = ['x', 'y', 'z'].map((name) => (name === axis ? length / 2 : corner));
  return solid('convex', half, Math.hypot(corner, length / 2), material, {
    planes: new Float64Array(planes),
  });
}

export function ball(radii, material) {
  return solid('ball', radii, Math.max(...radii), material, { radii });
}

/** The same solid elsewhere; `yaw` turns it around the vertical, `pitch` then lifts its x axis. Radians. */
export function at(body, x, y, z, yaw = 0, pitch = 0) {
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  const axes =
    yaw === 0 && pitch === 0 ? UPRIGHT : [cy * cp, sp, sy * cp, -cy * sp, cp, -sy * sp, -sy, 0, cy];
  return { ...body, x, y, z, axes };
}

/** Moves a group of solids, built around the origin, to a place on the ground. */
export function place(group, x, z, yaw = 0, y = 0) {
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  return group.map((part) => ({
    ...part,
    x: x + part.x * c - part.z * s,
    y: y + part.y,
    z: z + part.x * s + part.z * c,
    axes: [0, 3, 6].flatMap((row) => [
      part.axes[row] * c - part.axes[row + 2] * s,
      part.axes[row + 1],
      part.axes[row] * s + part.axes[row + 2] * c,
    ]),
  }));
}

/** The last hit: its normal in world axes and its point in the solid's own. Overwritten by each `hit`. */
export const last = { nx: 0, ny: 0, nz: 0, x: 0, y: 0, z: 0 };

/** Distance along the ray (unit direction) to the solid's surface, entered from outside; `Infinity` for a miss. */
export function hit(body, ox, oy, oz, dx, dy, dz, limit) {
  const cx = body.x - ox;
  const cy = body.y - oy;
  const cz = body.z - oz;
  const along = cx * dx + cy * dy + cz * dz;
  if (along < -body.reach || along - body.reach > limit) return Infinity;
  if (cx * cx + cy * cy + cz * cz - along * along > body.reach * body.reach) return Infinity;
  const a = body.axes;
  const lx = -(cx * a[0] + cy * a[1] + cz * a[2]);
  const ly = -(cx * a[3] + cy * a[4] + cz * a[5]);
  const lz = -(cx * a[6] + cy * a[7] + cz * a[8]);
  const ex = dx * a[0] + dy * a[1] + dz * a[2];
  const ey = dx * a[3] + dy * a[4] + dz * a[5];
  const ez = dx * a[6] + dy * a[7] + dz * a[8];
  let near = -Infinity;
  let [nx, ny, nz] = [0, 0, 0];
  if (body.kind === 'ball') {
    const [rx, ry, rz] = body.radii;
    const qa = (ex / rx) ** 2 + (ey / ry) ** 2 + (ez / rz) ** 2;
    const qb = (lx * ex) / (rx * rx) + (ly * ey) / (ry * ry) + (lz * ez) / (rz * rz);
    const qc = (lx / rx) ** 2 + (ly / ry) ** 2 + (lz / rz) ** 2 - 1;
    const root = qb * qb - qa * qc;
    if (root < 0) return Infinity;
    near = (-qb - Math.sqrt(root)) / qa;
    if (near <= 1e-4 || near >= limit) return Infinity;
    nx = (lx + near * ex) / (rx * rx);
    ny = (ly + near * ey) / (ry * ry);
    nz = (lz + near * ez) / (rz * rz);
    const length = Math.hypot(nx, ny, nz);
    nx /= length;
    ny /= length;
    nz /= length;
  } else {
    let far = limit;
    const planes = body.planes;
    for (let i = 0; i < planes.length; i += 4) {
      const slope = ex * planes[i] + ey * planes[i + 1] + ez * planes[i + 2];
      const gap = planes[i + 3] - (lx * planes[i] + ly * planes[i + 1] + lz * planes[i + 2]);
      if (slope < -1e-9) {
        const t = gap / slope;
        if (t > near) {
          near = t;
          nx = planes[i];
          ny = planes[i + 1];
          nz = planes[i + 2];
        }
      } else if (slope > 1e-9) {
        const t = gap / slope;
        if (t < far) far = t;
      } else if (gap < 0) return Infinity;
      if (near >= far) return Infinity;
    }
    if (near <= 1e-4) return Infinity;
  }
  last.x = lx + near * ex;
  last.y = ly + near * ey;
  last.z = lz + near * ez;
  last.nx = nx * a[0] + ny * a[3] + nz * a[6];
  last.ny = nx * a[1] + ny * a[4] + nz * a[7];
  last.nz = nx * a[2] + ny * a[5] + nz * a[8];
  return near;
}
