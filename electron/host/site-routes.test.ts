import { expect, test } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { FORMER_ROUTE_MS, SiteRoutes } from './site-routes.ts';

const north = { id: 'north', name: 'North', baseUrl: 'http://north.test/' };
const south = { id: 'south', name: 'South', baseUrl: 'https://south.test/' };
const moved = { ...north, baseUrl: 'http://elsewhere.test/' };

function routes() {
  const clock = new VirtualClock();
  let timesCalled = 0;
  const made = new SiteRoutes(clock, () => {
    timesCalled += 1;
  });
  made.update([north, south]);
  const served = (): string[] => made.served.map(({ id, baseUrl }) => `${id} ${baseUrl}`);
  return { clock, routes: made, served, timesCalled: () => timesCalled };
}

test('a site is named by its id at first', () => {
  expect(routes().served()).toEqual(['north http://north.test/', 'south https://south.test/']);
});

test('a site that moved gets another name, and is served at its former address for a while', () => {
  const { clock, routes: made, served, timesCalled } = routes();
  made.update([moved, south]);
  expect(made.routeOf('north')).toBe('north~2');
  expect(served()).toEqual([
    'north~2 http://elsewhere.test/',
    'south https://south.test/',
    'north http://north.test/',
  ]);
  clock.tick(FORMER_ROUTE_MS);
  expect(timesCalled()).toBe(1);
  expect(served()).toEqual(['north~2 http://elsewhere.test/', 'south https://south.test/']);
});

test('another certificate is another site', () => {
  const { routes: made } = routes();
  made.update([north, { ...south, tlsPin: 'ab'.repeat(32) }]);
  expect(made.routeOf('south')).toBe('south~2');
});

test('other further addresses are another site', () => {
  const { routes: made } = routes();
  made.update([{ ...north, furtherAddresses: [] }, south]);
  expect(made.routeOf('north')).toBe('north');
  made.update([
    { ...north, furtherAddresses: [{ baseUrl: 'http://node-2.test/', sendLogin: false }] },
    south,
  ]);
  expect(made.routeOf('north')).toBe('north~2');
});

test('another name, other credentials and another order change no route', () => {
  const { routes: made, clock } = routes();
  made.update([south, { ...north, name: 'New', credentials: { type: 'bearer', token: 'new' } }]);
  expect([made.routeOf('north'), made.routeOf('south')]).toEqual(['north', 'south']);
  expect(clock.pending()).toBe(0);
});

test('a removed site that comes back has no former name again', () => {
  const { clock, routes: made, served } = routes();
  made.update([south]);
  made.update([south, moved]);
  expect(served()).toContain('north http://north.test/');
  expect(made.routeOf('north')).toBe('north~2');
  made.update([south, north]);
  clock.tick(FORMER_ROUTE_MS);
  expect(served()).toEqual(['south https://south.test/', 'north~3 http://north.test/']);
});

test('a site that only restarted elsewhere keeps its name', () => {
  const { clock, routes: made, served } = routes();
  made.relocate([moved, south]);
  expect(served()).toEqual(['north http://elsewhere.test/', 'south https://south.test/']);
  expect(clock.pending()).toBe(0);
});
