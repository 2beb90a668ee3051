import { expect, it } from 'vitest';
import { losesEncryption } from './loses-encryption.ts';

it.each([
  ['https://site/', 'http://node/', true, true],
  ['HTTPS://site/', ' HTTP://node/', true, true],
  ['https://site/', 'http://node/', false, false],
  ['https://site/', 'https://node/', true, false],
  ['http://site/', 'http://node/', true, false],
  ['https://site/', '', true, false],
])('a login of %s at %s, sent there: %s, loses its encryption: %s', (site, baseUrl, sendLogin, loses) => {
  expect(losesEncryption(site, { baseUrl, sendLogin })).toBe(loses);
});
