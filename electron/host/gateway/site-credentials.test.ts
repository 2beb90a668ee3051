import { expect, it } from 'vitest';
import { loginProblems } from './site-credentials.ts';

it('names each site whose login cannot be used, and why, without the secret', () => {
  const problems = loginProblems(
    [
      {
        name: 'North',
        credentials: { type: 'basic', username: 'wall', password: { env: 'NORTH_PASSWORD' } },
      },
      { name: 'South', credentials: { type: 'bearer', token: { env: 'SOUTH_TOKEN' } } },
      { name: 'East', credentials: { type: 'bearer', token: 'two words' } },
      { name: 'West' },
    ],
    { SOUTH_TOKEN: 'from-outside' },
  );
  expect(problems).toEqual([
    'North cannot be asked: the environment variable NORTH_PASSWORD, the password of North, is not set.',
    'East cannot be asked: the token of East holds a blank or a letter beyond ASCII.',
  ]);
});
