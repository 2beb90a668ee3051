import { expect, test } from 'vitest';
import { checkNodeVersion } from './node-version.mjs';

test.each(['20.19.0', '20.20.2', '22.0.0', '24.21.0'])('Node %s is new enough', (version) => {
  expect(() => checkNodeVersion(version)).not.toThrow();
});

test.each(['18.20.4', '20.18.3', '9.11.2'])(
  'Node %s is refused in one line that names what is needed',
  (version) => {
    expect(() => checkNodeVersion(version)).toThrow(/^needs Node 20\.19 or newer, and this is [\d.]+: .*$/);
  },
);
