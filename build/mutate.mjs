// @ts-check
// npm run mutate [-- options]: the mutation test of the stream selector. It makes one small change at a time in a copy of the
// sources, and reports the changes that no test notices. It takes about 3 s for each mutant on two cores.
import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endWith, provideTools } from './setup.mjs';
import { ROOT, SetUpError } from './steps/command.mjs';
import { TestCopies } from './steps/mutation-run.mjs';

const FOLDER = 'shared/selector';
/** Files that have only types, so that no test can notice a change. */
const WITHOUT_BEHAVIOUR = ['types.ts'];
/** Folder of what only the tests use. */
const TEST_SUPPORT = 'testing/';

const HELP = `npm run mutate [-- options]

  --only FILE   the mutants of this file of ${FOLDER} only, such as damping.ts or rules/search.ts
  --sample N    so many mutants, drawn at random from all of them
  --seed N      draws another sample; 1 unless told
  --jobs N      so many at a time, 1 to 16; 2 unless told
  --list        tells the mutants and tries none
`;

/**
 * Survivors with a known reason: nobody can notice the change, or it breaks no promise of the selector.
 *
 * @typedef {object} Explanation
 * @property {string} file
 * @property {string} line The source's line, without its indentation.
 * @property {readonly string[]} changes As survivors are printed.
 * @property {string} reason
 */

/** @type {readonly Explanation[]} */
const EXPLAINED = [
  {
    file: 'damping.ts',
    line: 'if (first === undefined || !flaps(first)) return first;',
    changes: ['if (first === undefined || !flaps(first)) return first; -> if (false) return first;'],
    reason: 'only spares the search: it would find that same stream',
  },
  {
    file: 'rules/decide.ts',
    line: 'for (let pass = 0; pass < 4 * (draft.streams.length + 1); pass += 1) if (!decideOnce(draft)) return;',
    changes: [
      'for (let pass = 0; pass < 4 * (draft.strea -> for (let pass = 1; pass < 4 * (draft.strea',
      'pass < 4 * (draft.streams.lengt -> pass <= 4 * (draft.streams.lengt',
      'or (let pass = 0; pass < 4 * (draft.streams.length -> or (let pass = 0; pass < 5 * (draft.streams.length',
      'or (let pass = 0; pass < 4 * (draft.streams.length -> or (let pass = 0; pass < 8 * (draft.streams.length',
      '(draft.streams.length + 1); pass += 1) if (!decide -> (draft.streams.length + 2); pass += 1) if (!decide',
    ],
    reason: 'the bound is never met: it makes an error of what would be an endless loop',
  },
  {
    file: 'rules/local-fault.ts',
    line: "if (lateMs <= 0 || draft.phase.kind === 'suspended') return;",
    changes: ['lateMs <= 0 -> lateMs < 0'],
    reason: 'a lateness of 0 ms adds nothing',
  },
  {
    file: 'rules/search.ts',
    line: 'draft.rankOf(streamId) < draft.rankOf(first.streamId) &&',
    changes: [
      'draft.rankOf(streamId) < draft.rankOf(first.strea -> draft.rankOf(streamId) <= draft.rankOf(first.strea',
    ],
    reason: 'no two attempts are on one stream',
  },
  {
    file: 'rules/draft.ts',
    line: `if (stream === undefined) throw new Error(\`the tile has no stream "\${id}"\`);`,
    changes: ['if (stream === undefined) throw new Error(`the ti -> if (false) throw new Error(`the ti'],
    reason: 'guards what never happens: every id comes from the tile itself',
  },
  {
    file: 'damping.ts',
    line: '.sort((a, b) => (a.record.lastAtMs ?? 0) - (b.record.lastAtMs ?? 0));',
    changes: ['- (b.record.lastAtMs ?? 0)); -> - (b.record.lastAtMs ?? 1));'],
    reason: 'only flapping streams are sorted, and each of them has had trouble',
  },
  {
    file: 'rules/evidence.ts',
    line: "if (stream.standing.kind === 'lost' && standing.kind !== 'lost') draft.troubled(streamId);",
    changes: [
      "standing.kind === 'lost' && standing.kind !== 'lost' -> standing.kind === 'lost' || standing.kind !== 'lost'",
    ],
    reason:
      'evidence that cost no loss stood for no longer than the Reaction Time: quiet may count from either end',
  },
  {
    file: 'rules/players.ts',
    line: "if (phase.kind === 'showing' || phase.kind === 'switching' || phase.kind === 'holding')",
    changes: ["if (phase.kind === 'showing' || phase.kind === 'switching' || phase.k… -> if (true)"],
    reason: 'nobody asks for it while no player is on the screen',
  },
  {
    file: 'rules/switching.ts',
    line: 'if (why.decidedAtMs === null) draft.phase = { ...phase, why: { ...why, decidedAtMs } };',
    changes: ['if (why.decidedAtMs === null) draft.phase = { ...phas -> if (true) draft.phase = { ...phas'],
    reason: 'writes what is there already',
  },
  {
    file: 'readings.ts',
    line: 'if (shown === undefined) return null;',
    changes: ['if (shown === undefined) return null; -> if (false) return null;'],
    reason: 'guards what never happens: a tile that shows a stream has it',
  },
];

/** @typedef {import('./steps/mutants.mjs').Mutant & { file: string }} FileMutant */
/** @typedef {FileMutant & { verdict: import('./steps/mutation-run.mjs').Verdict }} Tried */

try {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      sample: { type: 'string' },
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '2' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) process.stdout.write(HELP);
  else await mutate(values);
} catch (error) {
  endWith(error);
}

/** @param {{ only?: string, sample?: string, seed: string, jobs: string, list: boolean }} values */
async function mutate(values) {
  await provideTools();
  // Imported here, because it needs the parser, which may not be installed before.
  const { mutantsOf, sampleOf } = await import('./steps/mutants.mjs');
  const seed = integerOf('--seed', values.seed, 0, 2 ** 31 - 1);
  const jobs = integerOf('--jobs', values.jobs, 1, 16);
  const sources = sourcesOf(values.only);
  /** @type {FileMutant[]} */
  const all = [...sources].flatMap(([file, source]) =>
    mutantsOf(file, source).map((mutant) => ({ ...mutant, file })),
  );
  for (const entry of EXPLAINED.filter(({ file }) => sources.has(join(FOLDER, file))))
    for (const change of entry.changes)
      if (!all.some((mutant) => mutant.change === change && explains(entry, mutant)))
        console.log(
          `stale: there is no longer what is explained of ${entry.file}: ${change} in ${entry.line}`,
        );
  const chosen =
    values.sample === undefined
      ? all
      : sampleOf(all, integerOf('--sample', values.sample, 1, Number.MAX_SAFE_INTEGER), seed);
  if (values.list) {
    for (const mutant of chosen) console.log(told(mutant));
    console.log(`${chosen.length} of ${all.length} mutants`);
    return;
  }
  // A run takes hours, and nobody waits for it.
  setPriority(10);
  const tried = await tryAll(chosen, sources, jobs);
  console.table(tableOf(tried));
  const survivors = tried.filter(({ verdict }) => verdict === 'passed');
  for (const mutant of survivors) {
    const known = EXPLAINED.find((entry) => explains(entry, mutant));
    console.log(
      known === undefined ? `survived: ${told(mutant)}` : `explained: ${told(mutant)}: ${known.reason}`,
    );
  }
  console.log(`${tried.length} of ${all.length} mutants, seed ${seed}`);
  if (survivors.some((mutant) => !EXPLAINED.some((entry) => explains(entry, mutant)))) process.exitCode = 1;
}

/**
 * @param {readonly FileMutant[]} mutants
 * @param {ReadonlyMap<string, string>} sources
 * @param {number} jobs
 * @returns {Promise<Tried[]>}
 */
async function tryAll(mutants, sources, jobs) {
  const { mutated } = await import('./steps/mutants.mjs');
  const copies = new TestCopies(Math.min(jobs, mutants.length));
  // The copies are deleted also when the run is interrupted.
  process.once('exit', () => copies.dispose());
  process.once('SIGINT', () => process.exit(130));
  /** @type {Tried[]} */
  const tried = [];
  const baselineMs = await copies.measureBaseline();
  console.log(
    `the unchanged selector's tests take ${baselineMs.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(' and ')}`,
  );
  const waiting = [...mutants];
  await Promise.all(
    copies.copies.map(async (copy) => {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const source = sources.get(mutant.file) ?? '';
        const verdict = await copies.verdictOn(copy, mutant.file, source, mutated(source, mutant));
        tried.push({ ...mutant, verdict });
        if (verdict !== 'failed')
          console.log(
            `${tried.length}/${mutants.length} ${verdict === 'passed' ? 'survived' : 'timed out'}: ${told(mutant)}`,
          );
      }
    }),
  );
  return tried;
}

/**
 * @param {string | undefined} only
 * @returns {Map<string, string>} The sources, by their paths relative to the project's top folder.
 */
function sourcesOf(only) {
  const files = readdirSync(join(ROOT, FOLDER), { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter(
      (name) =>
        name.endsWith('.ts') &&
        !name.endsWith('.test.ts') &&
        !name.startsWith(TEST_SUPPORT) &&
        !WITHOUT_BEHAVIOUR.includes(name),
    )
    .sort();
  if (only !== undefined && !files.includes(only))
    throw new SetUpError(`--only ${only}: there is no such file; there are ${files.join(', ')}`);
  return new Map(
    files
      .filter((name) => only === undefined || name === only)
      .map((name) => [join(FOLDER, name), readFileSync(join(ROOT, FOLDER, name), 'utf8')]),
  );
}

/** @param {readonly Tried[]} tried */
function tableOf(tried) {
  const files = [...new Set(tried.map(({ file }) => file))].sort();
  const rows = files.map((file) => [file, rowOf(tried.filter((mutant) => mutant.file === file))]);
  return Object.fromEntries([...rows, ['all', rowOf(tried)]]);
}

/** @param {readonly Tried[]} tried */
function rowOf(tried) {
  /** @param {import('./steps/mutation-run.mjs').Verdict} verdict */
  const count = (verdict) => tried.filter((mutant) => mutant.verdict === verdict).length;
  const explained = tried.filter(
    (mutant) => mutant.verdict === 'passed' && EXPLAINED.some((entry) => explains(entry, mutant)),
  ).length;
  const survived = count('passed');
  return {
    mutants: tried.length,
    caught: count('failed'),
    'timed out': count('timed-out'),
    survived,
    explained,
    'score %': Math.round((1000 * (tried.length - survived)) / tried.length) / 10,
  };
}

/**
 * @param {Explanation} explanation
 * @param {FileMutant} mutant
 */
function explains({ file, line, changes }, mutant) {
  return join(FOLDER, file) === mutant.file && line === mutant.lineText && changes.includes(mutant.change);
}

/** @param {FileMutant} mutant */
function told({ file, line, change }) {
  return `${file}:${line}: ${change}`;
}

/**
 * @param {string} option
 * @param {string} text
 * @param {number} least
 * @param {number} most
 */
function integerOf(option, text, least, most) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > most)
    throw new SetUpError(`${option} ${text}: give a whole number from ${least} to ${most}`);
  return number;
}
