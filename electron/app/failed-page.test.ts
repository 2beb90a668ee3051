import { expect, test } from 'vitest';
import { failedPageUrl, isFailedPage, serveFailedPage } from './failed-page.ts';

const ORIGIN = 'app://holdfast';

test('says when the viewer’s page is loaded again', async () => {
  const url = failedPageUrl(ORIGIN, new Date(2026, 10, 30, 14, 3, 12));
  expect(isFailedPage(url)).toBe(true);
  expect(await serveFailedPage(url).text()).toContain('It is started again by itself at 14:03:12.');
});

test('shows no text that somebody else wrote into its address', async () => {
  const text = await serveFailedPage(`${ORIGIN}/failed?again=<b>call+0190</b>`).text();
  expect(text).toContain('It is started again by itself within a minute.');
  expect(text).not.toContain('0190');
});

test.each(['/', '/index.html', '/sites/failed', '/failed/x', '/#/failed'])('is not at %s', (path) => {
  expect(isFailedPage(`${ORIGIN}${path}`)).toBe(false);
});
