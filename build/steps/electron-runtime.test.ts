import { expect, test } from 'vitest';
import { errorLine } from './electron-runtime.mjs';

test('the reason of a failed download is its innermost error, in one line', () => {
  const output = `TypeError: fetch failed
    at node:internal/deps/undici/undici:14902:13
    at async FetchDownloader.download (file:///node_modules/@electron/get/dist/FetchDownloader.js:34:26) {
  [cause]: Error: getaddrinfo ENOTFOUND mirror.example.com
      at GetAddrInfoReqWrap.onlookup (node:dns:111:26) {
    code: 'ENOTFOUND'
  }
}
`;
  expect(errorLine(output)).toBe('Error: getaddrinfo ENOTFOUND mirror.example.com');
});

test('what the downloader says without an error is passed on, and silence is called that', () => {
  expect(errorLine('\nDownloading…\n')).toBe('Downloading…');
  expect(errorLine('')).toBe('no reason given');
});
