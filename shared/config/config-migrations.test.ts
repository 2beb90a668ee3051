import { describe, expect, it } from 'vitest';
import { CONFIG_VERSION } from './config.ts';
import { MIGRATIONS, type MigrationStep, migrate } from './config-migrations.ts';

/** An invented history of the file: version 2 renamed `walls`, version 3 changed seconds to milliseconds. */
const STEPS: readonly MigrationStep[] = [
  ({ walls, ...rest }) => ({ ...rest, views: walls }),
  ({ delayS, ...rest }) => ({ ...rest, delayMs: typeof delayS === 'number' ? delayS * 1000 : delayS }),
];

describe('the released steps', () => {
  it('lead to the version that this release writes', () => {
    expect(MIGRATIONS.length + 1).toBe(CONFIG_VERSION);
  });
});

describe('migrate', () => {
  it.each([
    [{ version: 1, walls: ['a'], delayS: 2 }, 1],
    [{ version: 2, views: ['a'], delayS: 2 }, 2],
  ])('takes %o through every step that it still needs', (value, from) => {
    expect(migrate(value, STEPS)).toEqual({
      kind: 'migrated',
      from,
      value: { version: 3, views: ['a'], delayMs: 2000 },
    });
  });

  it('leaves the newest version and its own argument alone', () => {
    const newest = { version: 3, views: [] };
    expect(migrate(newest, STEPS)).toEqual({ kind: 'current', value: newest });
    const old = Object.freeze({ version: 1, walls: Object.freeze([]) });
    expect(migrate(old, STEPS)).toMatchObject({ kind: 'migrated' });
  });

  it('keeps unknown settings, which the schema then reports', () => {
    expect(migrate({ version: 1, strange: true, delayS: 'soon' }, STEPS)).toMatchObject({
      value: { version: 3, strange: true, delayMs: 'soon' },
    });
  });

  it('knows a newer version', () => {
    expect(migrate({ version: 4, walls: 7 }, STEPS)).toMatchObject({ kind: 'newer', version: 4 });
  });

  it.each([
    [[], null],
    [null, null],
    ['text', null],
    [{}, 'version'],
    [{ version: '1' }, 'version'],
    [{ version: 0 }, 'version'],
    [{ version: 1.5 }, 'version'],
  ])('cannot migrate %o', (value, where) => {
    expect(migrate(value, STEPS)).toMatchObject({ kind: 'impossible', where });
  });
});
