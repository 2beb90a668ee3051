import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStaticFiles } from './static-files.ts';

let folder = '';
let serve: (request: Request) => Promise<Response>;
const get = (address: string, init?: RequestInit): Promise<Response> =>
  serve(new Request(`http://holdfast${address}`, init));

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-static-'));
  const root = path.join(folder, 'renderer');
  await mkdir(path.join(root, 'assets', 'deeper'), { recursive: true });
  await writeFile(path.join(folder, 'secret.js'), 'secret');
  await writeFile(path.join(root, 'index.html'), '<!doctype html>');
  await writeFile(path.join(root, 'other.html'), 'other');
  await writeFile(path.join(root, 'assets', 'main-Ab3_x.js'), 'export {}');
  await writeFile(path.join(root, 'assets', 'main-Ab3_x.js.map'), '{}');
  await writeFile(path.join(root, 'assets', '.hidden.js'), 'hidden');
  await writeFile(path.join(root, 'assets', 'deeper', 'x.js'), 'deeper');
  serve = createStaticFiles(root, "default-src 'none'");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('static files', () => {
  test.each(['/', '/index.html', '/?view=1', '/#x'])('%s is the page', async (address) => {
    const response = await get(address);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toBe('<!doctype html>');
  });

  test('an asset comes with its type', async () => {
    const response = await get('/assets/main-Ab3_x.js');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await response.text()).toBe('export {}');
  });

  test.each([
    '/other.html',
    '/assets',
    '/assets/',
    '/assets/main-Ab3_x.js.map',
    '/assets/.hidden.js',
    '/assets/deeper/x.js',
    '/assets/absent.js',
    '/../secret.js',
    '/assets/../../secret.js',
    '/assets/%2e%2e/%2e%2e/secret.js',
    '/assets/..%2f..%2fsecret.js',
    '/assets/..%5c..%5csecret.js',
    '/assets//etc/passwd',
    '/assets/main-Ab3_x.js%00.html',
  ])('%s is not served', async (address) => {
    const response = await get(address);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('Not found.');
  });

  test('other methods than GET and HEAD are refused', async () => {
    expect((await get('/', { method: 'POST', body: 'x' })).status).toBe(405);
  });

  test.each(['/', '/assets/main-Ab3_x.js', '/nowhere'])(
    '%s carries the policy and nosniff',
    async (address) => {
      const { headers } = await get(address);
      expect(headers.get('content-security-policy')).toBe("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    },
  );
});
