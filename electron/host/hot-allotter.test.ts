import { describe, expect, test } from 'vitest';
import { HOT_REPORT_MS, type HotAllotment, type HotReport } from '../../shared/hot-allotment.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { HotAllotter } from './hot-allotter.ts';

/** A machine whose load is its own load and that of the hot standbys on it. */
class Machine {
  readonly clock = new VirtualClock();
  base = 0.4;
  perStandby = 0.025;
  mode: 'auto' | 'off' | 'all' = 'auto';
  limits: Record<string, number> = {};
  running = 0;
  machine: HotAllotment['machine'] = 'free';
  latency: HotAllotment['latency'] = 'low';
  readonly allotter = new HotAllotter({
    clock: this.clock,
    load: () => this.base + this.running * this.perStandby,
    cores: 2,
  });

  /** One report interval: the window runs the standbys that it was allotted last time. */
  period(report: Partial<HotReport> = {}): HotAllotment['allowed'] {
    this.clock.tick(HOT_REPORT_MS);
    const wishes = report.wishes ?? { north: 9 };
    const { allowed, machine, latency } = this.allotter.report(
      { windowId: 'a', wishes, running: this.running, settled: true, ...report },
      { mode: this.mode, siteLimit: (siteId) => this.limits[siteId] },
    );
    this.running = Object.values(allowed).reduce((total, count) => total + count, 0);
    this.machine = machine;
    this.latency = latency;
    return allowed;
  }

  periods(count: number): number {
    for (let period = 0; period < count; period += 1) this.period();
    return this.running;
  }
}

describe('auto', () => {
  test('every tile gets a hot standby where the machine has room, a few at a time', () => {
    const machine = new Machine();
    expect(machine.periods(1)).toBe(4);
    expect(machine.periods(9)).toBe(9);
  });

  test('no more are allotted where the load would become too high', () => {
    const machine = new Machine();
    machine.base = 0.6;
    const hot = machine.periods(20);
    expect(hot).toBeGreaterThan(0);
    expect(hot).toBeLessThan(9);
  });

  test('a machine that is busy with something else gets none', () => {
    const machine = new Machine();
    machine.base = 0.8;
    expect(machine.periods(20)).toBe(0);
  });

  test('some are taken away when the machine is overloaded, and come back only after a rest', () => {
    const machine = new Machine();
    machine.periods(10);
    machine.base = 0.95;
    expect(machine.periods(2)).toBe(6);
    machine.base = 0.4;
    expect(machine.periods(5)).toBe(6);
    expect(machine.periods(40)).toBe(9);
  });

  test('an overload in one report alone takes none away', () => {
    const machine = new Machine();
    machine.periods(10);
    machine.base = 0.95;
    machine.periods(1);
    machine.base = 0.4;
    expect(machine.periods(5)).toBe(9);
  });

  test('no more are allotted while tiles change over or start', () => {
    const machine = new Machine();
    machine.period({ settled: false });
    expect(machine.running).toBe(0);
  });

  test('no more are allotted before those that were granted run', () => {
    const machine = new Machine();
    machine.period();
    machine.running = 1;
    expect(machine.period()).toEqual({ north: 4 });
  });
});

test('off allots none, all allots every one', () => {
  const machine = new Machine();
  machine.mode = 'all';
  machine.base = 0.99;
  expect(machine.period()).toEqual({ north: 9 });
  machine.mode = 'off';
  expect(machine.period()).toEqual({});
});

test('a site has no more than its limit, over all windows', () => {
  const machine = new Machine();
  machine.mode = 'all';
  machine.limits = { north: 3 };
  machine.period({ windowId: 'b', wishes: { north: 9 } });
  expect(machine.period({ wishes: { north: 9, south: 2 } })).toEqual({ north: 1, south: 2 });
});

test('the share of a closed window goes to the others', () => {
  const machine = new Machine();
  machine.mode = 'all';
  machine.limits = { north: 4 };
  machine.period({ windowId: 'b', wishes: { north: 9 } });
  expect(machine.period()).toEqual({ north: 2 });
  for (let period = 0; period < 5; period += 1) machine.period();
  expect(machine.period()).toEqual({ north: 4 });
});

test('a machine is starved while it stays busy, and free again after that', () => {
  const machine = new Machine();
  const machines = [0.99, 0.5, 0.99, 0.99, 0.95, 0.9].map((load) => {
    machine.base = load;
    machine.period({ wishes: {} });
    return machine.machine;
  });
  expect(machines).toEqual(['free', 'free', 'free', 'starved', 'starved', 'free']);
});

describe('low latency', () => {
  const MINUTE = 60_000 / HOT_REPORT_MS;

  /** Two reports show that the machine is starved, and that lasts for ten seconds. */
  const STARVING = 2 + 10_000 / HOT_REPORT_MS;

  /** A machine that is busy with low-latency streams, and less so without them. */
  function starved(): Machine {
    const machine = new Machine();
    machine.mode = 'off';
    machine.base = 0.99;
    machine.periods(STARVING);
    return machine;
  }

  test('is kept by a machine that is busy for some seconds, as at the start of a wall', () => {
    const machine = new Machine();
    machine.mode = 'off';
    machine.base = 0.99;
    machine.periods(STARVING - 2);
    machine.base = 0.4;
    machine.periods(1);
    machine.base = 0.99;
    machine.periods(STARVING - 2);
    expect(machine.latency).toBe('low');
  });

  test('is given up on a starved machine, and comes back after two minutes if there is room for it', () => {
    const machine = starved();
    expect(machine.latency).toBe('relaxed');
    machine.base = 0.4;
    machine.periods(2 * MINUTE - 1);
    expect(machine.latency).toBe('relaxed');
    machine.periods(1);
    expect(machine.latency).toBe('low');
  });

  test('does not come back as long as the machine has little time left', () => {
    const machine = starved();
    machine.base = 0.6;
    machine.periods(30 * MINUTE);
    expect(machine.latency).toBe('relaxed');
  });

  test('stays away twice as long each time', () => {
    const machine = starved();
    machine.base = 0.4;
    machine.periods(3 * MINUTE);
    machine.base = 0.99;
    machine.periods(STARVING);
    machine.base = 0.4;
    machine.periods(4 * MINUTE - 1);
    expect(machine.latency).toBe('relaxed');
    machine.periods(1);
    expect(machine.latency).toBe('low');
  });
});
