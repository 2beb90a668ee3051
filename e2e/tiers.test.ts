import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CORE, CORE_PATTERN, CORE_TAG } from './tiers.mjs';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

describe('the tests of npm test', () => {
  it('are decided on for each spec file, in tiers.mjs', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.spec.ts'));
    expect(Object.keys(CORE).sort()).toEqual(files.sort());
  });

  it('have their tag exactly in the files that run in part', () => {
    const tagged = Object.keys(CORE).filter((name) =>
      readFileSync(path.join(FOLDER, name), 'utf8').includes('CORE_TAG'),
    );
    expect(tagged).toEqual(Object.keys(CORE).filter((name) => CORE[name] === 'tagged'));
  });

  it('are told from all others by file and tag', () => {
    const isCore = (test: string): boolean => new RegExp(CORE_PATTERN).test(test);
    expect(isCore('rig.spec.ts a wall shows the sites')).toBe(true);
    expect(isCore(`failover.spec.ts pictures go on ${CORE_TAG}`)).toBe(true);
    expect(isCore('failover.spec.ts pictures go on')).toBe(false);
    expect(isCore('cable.spec.ts the cable is pulled')).toBe(false);
  });
});
