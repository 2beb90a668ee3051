import { expect, test } from 'vitest';
import { type BrowserStart, browserArguments } from './browser-arguments.ts';

const start: BrowserStart = {
  origin: 'https://b1946ac9.localhost:40123',
  spkiSha256: 'abc=',
  profileFolder: '/data/chromium-profile',
  windowSize: { width: 1280, height: 720 },
  presentation: 'window',
  mode: 'operation',
  sandbox: 'on',
  rendering: 'hardware',
  switches: [],
};

test('the window is an app with its own profile, sandboxed, that trusts one key', () => {
  const args = browserArguments(start);
  expect(args).toEqual(
    expect.arrayContaining([
      '--app=https://b1946ac9.localhost:40123/',
      '--user-data-dir=/data/chromium-profile',
      '--ignore-certificate-errors-spki-list=abc=',
      '--host-resolver-rules=MAP *.localhost 127.0.0.1',
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

test('Chromium’s switches are passed on, except those that are decided here', () => {
  const args = browserArguments({
    ...start,
    sandbox: 'off',
    switches: [
      '--disable-gpu',
      '--user-data-dir=/data',
      '--no-sandbox',
      '--ignore-certificate-errors-spki-list=other',
      '--host-resolver-rules=MAP * 192.0.2.1',
    ],
  });
  expect(args).toContain('--disable-gpu');
  expect(args.filter((argument) => argument.startsWith('--user-data-dir'))).toHaveLength(1);
  expect(args.filter((argument) => argument === '--no-sandbox')).toHaveLength(1);
  expect(args).not.toContain('--ignore-certificate-errors-spki-list=other');
  expect(args.filter((argument) => argument.startsWith('--host-resolver-rules'))).toHaveLength(1);
});

test('a developer gets tools in the window, unless he debugs over a port', () => {
  const tools = '--auto-open-devtools-for-tabs';
  const port = '--remote-debugging-port=9222';
  expect(browserArguments(start)).not.toContain(tools);
  expect(browserArguments({ ...start, mode: 'development' })).toContain(tools);
  const debugged = browserArguments({ ...start, mode: 'development', switches: [port] });
  expect(debugged).not.toContain(tools);
  expect(debugged).toContain(port);
});

test('its graphics process may crash any number of times; after several crashes of the browser it draws in software', () => {
  expect(browserArguments(start)).toContain('--disable-gpu-process-crash-limit');
  expect(browserArguments(start)).not.toContain('--disable-gpu');
  expect(browserArguments({ ...start, rendering: 'software' })).toContain('--disable-gpu');
});
