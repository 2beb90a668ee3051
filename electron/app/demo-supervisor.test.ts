import { expect, test } from 'vitest';
import type { DemoSite } from '../../shared/demo.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import type { DemoSiteAddress, FromDemo, ToDemo } from '../demo/demo-protocol.ts';
import { DemoSupervisor } from './demo-supervisor.ts';
import { PAGE_PACE } from './restart-backoff.ts';

const SITES: DemoSiteAddress[] = [
  { id: 'north', name: 'North', baseUrl: 'http://127.0.0.1:1/' },
  { id: 'south', name: 'South', baseUrl: 'http://127.0.0.1:2/' },
];

class FakeChild {
  readonly sent: ToDemo[] = [];
  killed = false;
  say: (message: FromDemo) => void = () => {};
  die: (exitCode: number) => void = () => {};
  send(message: ToDemo): void {
    this.sent.push(message);
  }
  onMessage(listener: (message: FromDemo) => void): void {
    this.say = listener;
  }
  onExit(listener: (exitCode: number) => void): void {
    this.die = listener;
  }
  kill(): void {
    this.killed = true;
    this.die(0);
  }
}

function supervised() {
  const children: FakeChild[] = [];
  const changes: DemoSite[][] = [];
  const ready: (readonly DemoSiteAddress[])[] = [];
  const down: string[] = [];
  const clock = new VirtualClock();
  const supervisor = new DemoSupervisor({
    fork: () => {
      const child = new FakeChild();
      children.push(child);
      return child;
    },
    onReady: (sites) => ready.push(sites),
    onChanged: (sites) => changes.push(sites),
    onDown: (reason) => down.push(reason),
    log: () => {},
    clock,
  });
  supervisor.start();
  const latest = (): FakeChild => {
    const child = children.at(-1);
    if (child === undefined) throw new Error('no demo was started');
    return child;
  };
  return { supervisor, children, latest, changes, ready, down, clock };
}

test('setting a fault ends when the demo confirms it, and not before', async () => {
  const { supervisor, latest, changes } = supervised();
  latest().say({ type: 'ready', sites: SITES });
  const outcome = supervisor.setFault('south', 'hang');
  expect(latest().sent).toEqual([{ type: 'set-fault', siteId: 'south', fault: 'hang' }]);
  expect(supervisor.sites.map((site) => site.fault)).toEqual(['none', 'none']);
  latest().say({ type: 'fault-set', siteId: 'south', fault: 'hang' });
  expect((await outcome).map((site) => site.fault)).toEqual(['none', 'hang']);
  expect(changes.at(-1)).toEqual(await outcome);
});

test('a fault for an unknown site is refused without asking the demo', async () => {
  const { supervisor, latest } = supervised();
  latest().say({ type: 'ready', sites: SITES });
  await expect(supervisor.setFault('west', 'stop')).rejects.toThrow('no site "west"');
  expect(latest().sent).toEqual([]);
});

test('a demo that dies is started again, at new addresses and without faults', async () => {
  const { supervisor, latest, children, ready, changes } = supervised();
  latest().say({ type: 'ready', sites: SITES });
  latest().say({ type: 'fault-set', siteId: 'north', fault: 'stop' });
  const moved = SITES.map((site) => ({ ...site, baseUrl: `${site.baseUrl}new/` }));
  latest().die(9);
  expect(children).toHaveLength(2);
  latest().say({ type: 'ready', sites: moved });
  expect(ready).toEqual([SITES, moved]);
  expect(changes.at(-1)?.map((site) => site.fault)).toEqual(['none', 'none']);
  expect(supervisor.sites).toHaveLength(2);
});

test('a fault that kills the demo is reported as not set', async () => {
  const { supervisor, latest } = supervised();
  latest().say({ type: 'ready', sites: SITES });
  const outcome = supervisor.setFault('north', 'stop');
  latest().die(9);
  await expect(outcome).rejects.toThrow('the demo sites ended');
});

test('a demo that keeps dying is reported as down, with its own reason, and is started again after a wait', async () => {
  const { supervisor, latest, children, down, clock } = supervised();
  for (let times = 1; times <= PAGE_PACE.atOnce; times += 1) latest().die(1);
  expect(down).toEqual([]);
  latest().say({ type: 'failed', reason: 'no clips' });
  latest().die(1);
  expect(children).toHaveLength(PAGE_PACE.atOnce + 1);
  expect(down).toEqual([expect.stringContaining('no clips')]);
  await expect(supervisor.setFault('north', 'stop')).rejects.toThrow('do not run');
  clock.tick(PAGE_PACE.firstWaitMs);
  expect(children).toHaveLength(PAGE_PACE.atOnce + 2);
  latest().say({ type: 'ready', sites: SITES });
  expect(supervisor.sites).toHaveLength(2);
});

test('a demo that is disposed of during the wait is not started again', () => {
  const { supervisor, latest, children, clock } = supervised();
  for (let times = 0; times <= PAGE_PACE.atOnce; times += 1) latest().die(1);
  supervisor.dispose();
  clock.tick(PAGE_PACE.longestWaitMs);
  expect(children).toHaveLength(PAGE_PACE.atOnce + 1);
});

test('once disposed of, the demo is killed and not started again', () => {
  const { supervisor, latest, children, down } = supervised();
  latest().say({ type: 'ready', sites: SITES });
  supervisor.dispose();
  expect(latest().killed).toBe(true);
  expect(children).toHaveLength(1);
  expect(down).toEqual([]);
});
