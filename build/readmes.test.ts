import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE_FOLDERS = ['shared', 'electron', 'renderer', 'e2e', 'build'];
/** Every file of the source folders, relative to the top folder, with forward slashes. */
const FILES = SOURCE_FOLDERS.flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
    path.posix.join(folder, name.replaceAll(path.sep, '/')),
  ),
);
const READMES = [
  'README.md',
  'CHANGELOG.md',
  '.github/CONTRIBUTING.md',
  '.github/SECURITY.md',
  ...FILES.filter((file) => path.posix.basename(file) === 'README.md'),
];

/** The source files that a text names in backticks. A name with a `*` or a `<` means several files, and is left out. */
function namedSources(text: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/`(\w[\w./-]*\.(?:tsx?|mjs|css|html))`/g)].map(([, name = '']) => name);
}

/** The files of the project that a text links to or shows, relative to the top folder. */
function linkedFiles(text: string, from: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link = '']) =>
    path.posix.join(path.posix.dirname(from), link),
  );
}

/** Whether a file exists. Its name is its path relative to the top folder, or the last parts of that path. */
function isThere(name: string): boolean {
  return FILES.some((file) => file === name || file.endsWith(`/${name}`));
}

describe('the READMEs', () => {
  it.each(['README.md', ...SOURCE_FOLDERS.map((folder) => `${folder}/README.md`)])('%s is there', (file) => {
    expect(READMES).toContain(file);
  });

  it.each(READMES)('every source file that %s names is there', (file) => {
    const named = namedSources(readFileSync(path.join(ROOT, file), 'utf8'));
    expect(named.filter((name) => !isThere(name))).toEqual([]);
  });

  it.each(READMES)('every file that %s links to is there', (file) => {
    const linked = linkedFiles(readFileSync(path.join(ROOT, file), 'utf8'), file);
    expect(linked.filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([]);
  });

  it('a link is read from the folder of its README', () => {
    expect(linkedFiles('[a](../b/c.md#d) ![e](f.png) [g](https://h.example/)', 'x/y/README.md')).toEqual([
      'x/b/c.md',
      'x/y/f.png',
    ]);
  });

  it('a file that is not there is found out', () => {
    const named = namedSources(
      '`shared/cause.ts`, `cause.ts` and `gone.ts`, `*.test.ts`\n```\n`code.ts`\n```\n',
    );
    expect(named).toEqual(['shared/cause.ts', 'cause.ts', 'gone.ts']);
    expect(named.filter((name) => !isThere(name))).toEqual(['gone.ts']);
  });
});
