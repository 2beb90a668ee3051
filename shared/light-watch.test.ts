import { expect, it } from 'vitest';
import { LIGHT_CHECK_MS, lightWatchWords } from './light-watch.ts';

it('says how much later a loss of redundancy is noticed, with the interval in use', () => {
  expect(LIGHT_CHECK_MS).toBe(180_000);
  expect(lightWatchWords()).toBe(
    'Standbys at this site are checked every 3 minutes: a loss of redundancy is noticed up to 3 minutes later. ' +
      'The quality that is not shown is not watched, and no hot standby plays from it.',
  );
});
