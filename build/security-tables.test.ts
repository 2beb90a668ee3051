import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** The rows of the last table in a document, each as its cells, without the table's head. */
function rowsOf(document: string): string[][] {
  const lines = read(document).split('\n');
  const head = lines.findLastIndex((line) => /^\| --- /.test(line)) - 1;
  return lines
    .slice(head)
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

interface NamedTest {
  readonly file: string;
  readonly title: string;
}

/** The tests that a cell names, in the form `file`: *title*, *title*; `file`. A title may be only a part of the test's title. */
function testsIn(cell: string): NamedTest[] {
  return cell.split('; ').flatMap((one) => {
    const file = /^`([^`]+)`/.exec(one)?.[1] ?? '';
    const titles = [...one.matchAll(/\*([^*]+)\*/g)].map(([, title = '']) => title);
    return titles.length === 0 ? [{ file, title: '' }] : titles.map((title) => ({ file, title }));
  });
}

/** The tests that do not exist. */
function missing(tests: readonly NamedTest[]): NamedTest[] {
  return tests.filter(
    ({ file, title }) =>
      !/\.(test|spec)\.tsx?$/.test(file) || !existsSync(path.join(ROOT, file)) || !read(file).includes(title),
  );
}

describe('the promises of SECURITY.md', () => {
  const rows = rowsOf('.github/SECURITY.md');

  it('are there, each with its tests', () => {
    expect(rows.length).toBeGreaterThanOrEqual(8);
    for (const [promise = '', tests = ''] of rows) {
      expect(
        testsIn(tests).every(({ title }) => title !== ''),
        promise,
      ).toBe(true);
      expect(missing(testsIn(tests)), promise).toEqual([]);
    }
  });
});

describe('Electron’s security checklist', () => {
  const rows = rowsOf('electron/README.md');

  it('is kept item by item, each in a file and with a test', () => {
    expect(rows.map(([number]) => Number(number))).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    for (const [, recommendation = '', , file = '', tests = ''] of rows) {
      expect(existsSync(path.join(ROOT, file.replaceAll('`', ''))), `${recommendation}: ${file}`).toBe(true);
      expect(missing(testsIn(tests)), recommendation).toEqual([]);
    }
  });

  it('nothing of the host opens anything outside', () => {
    const files = readdirSync(path.join(ROOT, 'electron'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
    );
    expect(files.length).toBeGreaterThan(50);
    const opening = files.filter((file) => /\bopenExternal\b|\bopenPath\b/.test(read(`electron/${file}`)));
    expect(opening).toEqual([]);
  });

  it('the runtime is pinned to one version', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: { electron: string } };
    expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

it('a title that no test has, and a test that is not there, are found out', () => {
  const cell =
    '`e2e/security.spec.ts`: *is in none of its titles*, *every permission is denied*; `e2e/gone.spec.ts`';
  expect(missing(testsIn(cell))).toEqual([
    { file: 'e2e/security.spec.ts', title: 'is in none of its titles' },
    { file: 'e2e/gone.spec.ts', title: '' },
  ]);
});
