import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ALARM_KINDS } from '../shared/alarms/alarm.ts';
import { type EvidenceCause, isHard } from '../shared/cause.ts';
import { FIXED_CAUSES } from '../shared/cause-words.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RULES = 'shared/selector/README.md';
const RULE_COUNT = 15;
const FAULT_COUNT = 16;

const FOLDERS = ['.github', 'build', 'e2e', 'electron', 'renderer', 'shared'];
const SOURCE = /\.(ts|tsx|mjs|css|md|json|yml|html)$/;

/** Planning papers that are not in the repository: a reader of a clone cannot look them up. */
const PAPERS = ['behaviour', 'architecture', 'field-notes', 'look', 'presets'].map((name) => `${name}.md`);
/** Projects whose issues may be cited: everybody can look up an issue by its number. */
const UPSTREAM = ['hls.js', 'electron', 'chromium'];

interface Source {
  /** Relative to the top folder, with forward slashes. */
  readonly file: string;
  readonly text: string;
}

const sources: readonly Source[] = [
  ...readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'package-lock.json')
    .map(({ name }) => name),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      path.join(folder, file).replaceAll(path.sep, '/'),
    ),
  ),
]
  .filter((file) => SOURCE.test(file))
  .map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }));

const document = readFileSync(path.join(ROOT, RULES), 'utf8');

/** The numbers that a source cites, as in "rules 2, 8 and 14". The words may be on two lines of a comment. */
function cited(word: 'rule' | 'fault', { text }: Source): number[] {
  const running = text.replace(/\s*\n\s*(?:\*(?!\/)|\/\/)?\s*/g, ' ');
  return [...running.matchAll(new RegExp(`\\b${word}s? (\\d+(?:(?:, | and | or )\\d+)*)`, 'gi'))].flatMap(
    ([, numbers = '']) => numbers.split(/\D+/).map(Number),
  );
}

/** Citations of a number that the document does not have. */
function unresolved(word: 'rule' | 'fault', known: ReadonlySet<number>, all: readonly Source[]): string[] {
  return all.flatMap((source) =>
    cited(word, source)
      .filter((number) => !known.has(number))
      .map((number) => `${source.file}: ${word} ${number}`),
  );
}

/** Citations that a reader of a clone cannot look up: of {@link PAPERS}, and of issues of the project itself. */
function deadReferences({ file, text }: Source): string[] {
  const papers = PAPERS.filter((paper) => new RegExp(`\\b${paper.replace('.', '\\.')}`).test(text));
  const issues = [...text.matchAll(/\bissues? #?\d+/gi)].filter(({ index }) => {
    const before = /[\w.]*(?=\s$)/.exec(text.slice(Math.max(0, index - 20), index))?.[0] ?? '';
    return !UPSTREAM.includes(before.toLowerCase());
  });
  return [...papers, ...issues.map(([found]) => found)].map((found) => `${file}: ${found}`);
}

/** Files that a Markdown text links to, relative to the top folder. */
function linkedFiles(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) =>
    path.posix.normalize(path.posix.join(path.posix.dirname(RULES), link)),
  );
}

function isThere(file: string): boolean {
  return existsSync(path.join(ROOT, file));
}

/** The part of the document under a heading, up to the next heading of any level. */
function section(heading: string): string {
  const [, after = ''] = document.split(`\n${heading}\n`);
  return after.split(/\n#+ /)[0] ?? '';
}

/** The rows of the table in a text, each as its cells, without the table's head. */
function rowsOf(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

function codesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

const rules = [...document.matchAll(/^### (\d+)\. (.+)\n((?:(?!^#)[^\n]*\n?)*)/gm)].map(
  ([, number, title = '', text = '']) => ({ number: Number(number), title, text }),
);
const faults = rowsOf(section('## Faults that every release is tried against'));

describe('the rules of a tile', () => {
  it('are numbered without a hole', () => {
    expect(rules.map(({ number }) => number)).toEqual(numbersTo(RULE_COUNT));
  });

  it('each name the files that keep them', () => {
    for (const { number, title, text } of rules) {
      const [, keepers = ''] = text.split('\nKept by: ');
      expect(linkedFiles(keepers), `rule ${number}, ${title}`).not.toEqual([]);
    }
  });

  it('are meant wherever the sources cite one', () => {
    const known = new Set(rules.map(({ number }) => number));
    expect(sources.flatMap((source) => cited('rule', source)).length).toBeGreaterThan(150);
    expect(unresolved('rule', known, sources)).toEqual([]);
  });

  it('link to nothing but files that are there', () => {
    expect(linkedFiles(document).filter((file) => !isThere(file))).toEqual([]);
  });
});

describe('the faults that every release is tried against', () => {
  it('are numbered without a hole, each with a test', () => {
    expect(faults.map(([number]) => Number(number))).toEqual(numbersTo(FAULT_COUNT));
    for (const [number, fault, , tests = ''] of faults)
      expect(linkedFiles(tests).join(' '), `fault ${number}, ${fault}`).toMatch(/\.spec\.ts/);
  });

  it('are meant wherever the sources cite one', () => {
    const known = new Set(faults.map(([number]) => Number(number)));
    expect(unresolved('fault', known, sources)).toEqual([]);
  });
});

describe('the tables of causes and alarms', () => {
  it('have every cause, hard or soft as the selector takes it', () => {
    const rows = rowsOf(section('## Causes')).flatMap(([causes = '', evidence = '']) =>
      codesIn(causes).map((cause) => ({ cause, evidence })),
    );
    const fixed = rows.filter(({ cause }) => !cause.includes('<')).map(({ cause }) => cause);
    expect(fixed.sort()).toEqual([...FIXED_CAUSES].sort());
    for (const { cause, evidence } of rows)
      if (evidence !== '') expect(isHard(cause as EvidenceCause) ? 'hard' : 'soft', cause).toBe(evidence);
  });

  it('have every alarm', () => {
    const alarms = rowsOf(section('## The journal and the alarms')).flatMap(([cell = '']) => codesIn(cell));
    expect(alarms.sort()).toEqual([...ALARM_KINDS].sort());
  });
});

it('no source cites a paper or an issue that a clone of the project does not have', () => {
  expect(sources.length).toBeGreaterThan(500);
  expect(sources.flatMap(deadReferences)).toEqual([]);
});

it('a rule that is not there, a paper and an issue are found out', () => {
  const number = RULE_COUNT + 1;
  const text = `/**\n * As rules 2 and\n * ${number} say ([look](${PAPERS[3]})), for issue ${4}; see hls.js issue ${8043}. */`;
  const source = { file: 'a.ts', text };
  expect(unresolved('rule', new Set([2]), [source])).toEqual([`a.ts: rule ${number}`]);
  expect(deadReferences(source)).toEqual([`a.ts: ${PAPERS[3]}`, `a.ts: issue ${4}`]);
});

function numbersTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
