import { expect, test, vi } from 'vitest';
import { HOT_REPORT_MS, type HotReport } from '../../shared/hot-allotment.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { HotStandbys, type HotTile, type HotWish } from './hot-standbys.ts';

const WISH: HotWish = { siteId: 'north', suspect: false, selected: false, running: false };

function wall(wishes: readonly (Partial<HotWish> | null)[], allotted: Record<string, number>) {
  const clock = new VirtualClock();
  const reports: HotReport[] = [];
  const allowed: (boolean | null)[] = wishes.map(() => null);
  const hot = new HotStandbys({
    clock,
    random: () => 0.5,
    allot: async (report) => {
      reports.push(report);
      return { allowed: allotted, machine: 'free', latency: 'low' };
    },
  });
  const ends = wishes.map((wish, index) =>
    hot.add({
      wish: () => (wish === null ? null : { ...WISH, ...wish }),
      unsettled: () => false,
      allow: (granted) => {
        allowed[index] = granted;
      },
      setMachine: () => {},
      setLatency: () => {},
    }),
  );
  return { clock, hot, reports, allowed, ends };
}

/** A tile that wants a standby, and notes whether it may have one. */
function tileWith(allowed: (boolean | null)[]): HotTile {
  return {
    wish: () => WISH,
    unsettled: () => false,
    allow: (granted) => allowed.push(granted),
    setMachine: () => {},
    setLatency: () => {},
  };
}

test('the selected tile comes first, then suspect ones, then those that are hot already', async () => {
  const { clock, allowed } = wall([{}, { running: true }, { suspect: true }, { selected: true }, null], {
    north: 3,
  });
  await clock.advance(HOT_REPORT_MS);
  expect(allowed).toEqual([false, true, true, true, false]);
});

test('each site has its own allotment', async () => {
  const { clock, allowed, reports } = wall([{}, { siteId: 'south' }, { siteId: 'south', running: true }], {
    south: 1,
  });
  await clock.advance(HOT_REPORT_MS);
  expect(reports[0]).toMatchObject({ wishes: { north: 1, south: 2 }, running: 1, settled: true });
  expect(allowed).toEqual([false, false, true]);
});

test('a host that does not answer changes nothing, and is asked again', async () => {
  const clock = new VirtualClock();
  let asked = 0;
  const allowed: boolean[] = [];
  const hot = new HotStandbys({
    clock,
    random: () => 0.5,
    allot: async () => {
      asked += 1;
      if (asked === 2) throw new Error('gone');
      return { allowed: { north: 1 }, machine: 'free', latency: 'low' };
    },
  });
  hot.add(tileWith(allowed));
  await clock.advance(3 * HOT_REPORT_MS);
  expect({ asked, allowed }).toEqual({ asked: 3, allowed: [true, true] });
});

test('the window learns the state of the machine', async () => {
  const clock = new VirtualClock();
  const heard: string[] = [];
  const hot = new HotStandbys({
    clock,
    random: () => 0.5,
    allot: async () => ({ allowed: {}, machine: heard.length === 0 ? 'starved' : 'free', latency: 'low' }),
    onMachine: (machine) => heard.push(machine),
  });
  hot.add(tileWith([]));
  await clock.advance(2 * HOT_REPORT_MS);
  expect(heard).toEqual(['starved', 'free']);
});

test('a wall without tiles requests nothing', async () => {
  const { clock, reports, ends } = wall([{}], { north: 1 });
  for (const end of ends) end();
  await clock.advance(5 * HOT_REPORT_MS);
  expect(reports).toEqual([]);
});

test('one tile that fails costs no other tile its standby, nor the window its reports', async () => {
  const thrown: (() => void)[] = [];
  vi.stubGlobal('queueMicrotask', (callback: () => void) => thrown.push(callback));
  const { clock, hot, reports, allowed } = wall([], { north: 1 });
  const fail = (): never => {
    throw new Error('this tile failed');
  };
  hot.add({ wish: fail, unsettled: fail, allow: fail, setMachine: fail, setLatency: fail });
  hot.add(tileWith(allowed));
  await clock.advance(2 * HOT_REPORT_MS);
  expect(reports).toMatchObject([{ wishes: { north: 1 } }, { wishes: { north: 1 } }]);
  expect(allowed).toEqual([true, true]);
  expect(thrown[0]).toThrow('this tile failed');
});
