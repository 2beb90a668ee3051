import { expect, test } from 'vitest';
import { KEEPER_VARIABLE, takeSurroundings } from './surroundings.ts';

const nothingHandedOver = (): string => {
  throw new Error('EBADF: bad file descriptor');
};

test('without a keeper the environment is this process’s own, and secrets are removed from what children inherit', () => {
  const own = { PATH: '/bin', NORTH_TOKEN: 'secret' };
  expect(takeSurroundings(own, 'linux', nothingHandedOver)).toEqual({
    environment: { PATH: '/bin', NORTH_TOKEN: 'secret' },
    keeper: { kind: 'none' },
  });
  expect(own).toEqual({ PATH: '/bin' });
});

test('a keeper hands over the user’s environment and the number of crashes', () => {
  const own = { PATH: '/bin', [KEEPER_VARIABLE]: '4' };
  const handedOver = JSON.stringify({ PATH: '/bin', NORTH_TOKEN: 'secret' });
  expect(takeSurroundings(own, 'linux', () => handedOver)).toEqual({
    environment: { PATH: '/bin', NORTH_TOKEN: 'secret' },
    keeper: { kind: 'watches', endsInARow: 4 },
  });
  expect(own).toEqual({ PATH: '/bin' });
});

test('on Windows it comes in the environment itself, which has no secret left when children are started', () => {
  const own = { Path: 'C:\\Windows', NORTH_TOKEN: 'secret', [KEEPER_VARIABLE]: '0' };
  expect(takeSurroundings(own, 'win32', nothingHandedOver)).toEqual({
    environment: { Path: 'C:\\Windows', NORTH_TOKEN: 'secret' },
    keeper: { kind: 'watches', endsInARow: 0 },
  });
  expect(own).toEqual({ Path: 'C:\\Windows' });
});

test.each([nothingHandedOver, () => '', () => '{"NORTH_TOKEN":', () => '["secret"]'])(
  'the keeper’s variable without a keeper has no effect',
  (readHandedOver) => {
    const own = { PATH: '/bin', NORTH_TOKEN: 'secret', [KEEPER_VARIABLE]: '1' };
    expect(takeSurroundings(own, 'linux', readHandedOver)).toEqual({
      environment: { PATH: '/bin', NORTH_TOKEN: 'secret' },
      keeper: { kind: 'none' },
    });
  },
);

test.each(['npm start', '-1', ''])('the keeper’s variable with the value "%s" has no effect', (value) => {
  const own = { PATH: '/bin', [KEEPER_VARIABLE]: value };
  const read = (): string => expect.fail('nothing was to be read');
  expect(takeSurroundings(own, 'linux', read).keeper).toEqual({ kind: 'none' });
});
