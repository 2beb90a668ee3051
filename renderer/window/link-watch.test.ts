import { beforeEach, describe, expect, it } from 'vitest';
import type { AlarmReport } from '../../shared/alarms/alarm.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { type LinkTerms, type LinkTile, LinkWatch } from './link-watch.ts';

const MINUTE_MS = 60_000;

/** A link that is too thin for more than this many main streams at the same time. */
class Link {
  link: 'free' | 'thin' = 'free';
  carries = Number.POSITIVE_INFINITY;
  tiles: readonly Tile[] = [];

  isSlow(): boolean {
    return this.tiles.filter(({ terms, wants }) => wants && terms !== 'thin').length > this.carries;
  }

  forget(): void {}
}

class Tile implements LinkTile {
  terms: LinkTerms = 'free';
  readonly received: LinkTerms[] = [];

  constructor(
    readonly wants = true,
    private readonly selected = false,
  ) {}

  wantsMain(): boolean {
    return this.wants;
  }

  isSelected(): boolean {
    return this.selected;
  }

  setLink(terms: LinkTerms): void {
    this.terms = terms;
    this.received.push(terms);
  }
}

let clock: VirtualClock;
let link: Link;
let watch: LinkWatch;
let alarms: AlarmReport[];

beforeEach(() => {
  clock = new VirtualClock();
  link = new Link();
  alarms = [];
  watch = new LinkWatch({ clock, meter: link, alarm: (report) => alarms.push(report) });
});

function open(tiles: readonly Tile[]): void {
  link.tiles = tiles;
  for (const tile of tiles) watch.add(tile);
}

const termsOf = (): LinkTerms[] => link.tiles.map(({ terms }) => terms);
const raisedAndReturned = () =>
  alarms.map((report) => [report.alarm, report.transition, 'cause' in report ? report.cause : null]);

describe('LinkWatch', () => {
  it('settles all tiles on sub-streams when media has been late from all sites for 1.5 s, with one alarm', async () => {
    open([new Tile(), new Tile(), new Tile(false)]);
    await clock.advance(10_000);
    expect(termsOf()).toEqual(['free', 'free', 'free']);
    link.carries = 1;
    await clock.advance(1500);
    expect([termsOf(), watch.covers()]).toEqual([['free', 'free', 'free'], true]);
    await clock.advance(1000);
    expect(termsOf()).toEqual(['thin', 'thin', 'thin']);
    expect(link.link).toBe('thin');
    expect(raisedAndReturned()).toEqual([
      ['thin-link', 'returned', null],
      ['thin-link', 'raised', '2-main-streams'],
    ]);
  });

  it('lets main streams return in steps, the selected tile first, and ends the alarm with the last one', async () => {
    open([new Tile(), new Tile(), new Tile(true, true)]);
    link.carries = 1;
    await clock.advance(5000);
    link.carries = 9;
    await clock.advance(3 * MINUTE_MS);
    expect(termsOf()).toEqual(['thin', 'thin', 'thin-main']);
    await clock.advance(20_000);
    expect(termsOf()).toEqual(['thin-main', 'thin', 'thin-main']);
    await clock.advance(40_000);
    expect(termsOf()).toEqual(['free', 'free', 'free']);
    expect(link.link).toBe('free');
    expect(raisedAndReturned().at(-1)).toEqual(['thin-link', 'returned', null]);
  });

  it('undoes a step that is too large, and waits twice as long for the next one', async () => {
    open([new Tile(), new Tile(), new Tile(), new Tile()]);
    link.carries = 1;
    await clock.advance(3 * MINUTE_MS + 5000);
    expect(termsOf().filter((terms) => terms === 'thin-main')).toHaveLength(1);
    await clock.advance(25_000);
    expect(termsOf()).toEqual(['thin', 'thin', 'thin', 'thin']);
    await clock.advance(5 * MINUTE_MS);
    expect(termsOf()).toEqual(['thin', 'thin', 'thin', 'thin']);
    await clock.advance(MINUTE_MS);
    expect(termsOf()).toEqual(['thin-main', 'thin', 'thin', 'thin']);
    expect(raisedAndReturned().filter(([, transition]) => transition === 'raised')).toHaveLength(1);
  });

  it('does not judge the link while this machine has no processor time, or its page is late', async () => {
    open([new Tile(), new Tile()]);
    link.carries = 1;
    watch.setMachine('starved');
    await clock.advance(10_000);
    expect(termsOf()).toEqual(['free', 'free']);
    watch.setMachine('free');
    for (let second = 0; second < 10; second += 1) {
      clock.block(1000);
      await clock.advance(0);
    }
    expect(termsOf()).toEqual(['free', 'free']);
    await clock.advance(3000);
    expect(termsOf()).toEqual(['thin', 'thin']);
  });

  it('gives a tile that is added later the state of the link, and stops to check when the last one is gone', async () => {
    const first = new Tile();
    link.tiles = [first, new Tile()];
    const end = watch.add(first);
    link.carries = 1;
    await clock.advance(5000);
    const late = new Tile();
    watch.add(late)();
    expect(late.received).toEqual(['thin']);
    end();
    expect(clock.pending()).toBe(0);
  });
});
