import { expect, test } from 'vitest';
import { type BrowserStart, browserArguments } from './browser-arguments.ts';

const start: BrowserStart = {
  origin: 'https://127.0.0.1:40123',
  spkiSha256: 'abc=',
  profileFolder: '/data/chromium-profile',
  windowSize: { width: 1280, height: 720 },
  presentation: 'window',
  mode: 'operation',
  sandbox: 'on',
  switches: [],
};

test('the window is an app of its own profile, sandboxed, that trusts one key', () => {
  const args = browserArguments(start);
  expect(args).toEqual(
    expect.arrayContaining([
      '--app=https://127.0.0.1:40123/',
      '--user-data-dir=/data/chromium-profile',
      '--ignore-certificate-errors-spki-list=abc=',
      '--window-size=1280,720',
    ]),
  );
  expect(args).not.toContain('--no-sandbox');
  expect(args).not.toContain('--start-fullscreen');
});

test('its pictures are not slowed down in the background', () => {
  expect(browserArguments(start)).toEqual(
    expect.arrayContaining([
      '--disable-background-timer-throttling',
      '--disable-renderer-backgrounding',
      '--disable-backgrounding-occluded-windows',
    ]),
  );
});

test("Chromium's switches are passed on, but for those that are decided here", () => {
  const args = browserArguments({
    ...start,
    sandbox: 'off',
    switches: [
      '--disable-gpu',
      '--user-data-dir=/data',
      '--no-sandbox',
      '--ignore-certificate-errors-spki-list=other',
    ],
  });
  expect(args).toContain('--disable-gpu');
  expect(args.filter((argument) => argument.startsWith('--user-data-dir'))).toHaveLength(1);
  expect(args.filter((argument) => argument === '--no-sandbox')).toHaveLength(1);
  expect(args).not.toContain('--ignore-certificate-errors-spki-list=other');
});
