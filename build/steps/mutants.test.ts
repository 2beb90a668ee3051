import { describe, expect, it } from 'vitest';
import { mutantsOf, mutated, sampleOf } from './mutants.mjs';

/** The whole source after each of its changes. */
function changed(source: string): string[] {
  return mutantsOf('some.ts', source).map((mutant) => mutated(source, mutant));
}

describe('mutantsOf', () => {
  it.each([
    ['x = a < b;', ['x = a <= b;', 'x = a >= b;']],
    ['x = a && b;', ['x = a || b;']],
    ['x = (a + b) ?? c;', ['x = c;', 'x = (a - b) ?? c;']],
    ['x = !(a);', ['x = (a);']],
    ['x = true;', ['x = false;']],
    ['x = Math.min(a);', ['x = Math.max(a);']],
    ['x = 30_000;', ['x = 30001;', 'x = 60000;']],
    ['x = 1;', ['x = 2;']],
  ])('changes %s', (source, all) => {
    expect(changed(source).sort()).toEqual([';', ...all].sort());
  });

  it('takes both ways of a condition', () => {
    expect(changed('if (a) b();')).toEqual(['if (true) b();', 'if (false) b();', 'if (a) ;']);
  });

  it('returns the plainest values of the declared type', () => {
    expect(changed('function f(): number | null { return g; }')).toEqual([
      'function f(): number | null { return 0; }',
      'function f(): number | null { return null; }',
    ]);
    expect(changed('const f = (): readonly A[] => g;')).toEqual(['const f = (): readonly A[] => [];']);
  });

  it.each([
    "import { a } from './1 + 1.ts';",
    'type A = { readonly a: true | 5 };',
    '// a < b',
    'const a = `1 < 2`;',
    'const a = b as 1 | 2;',
  ])('leaves %s alone', (source) => {
    expect(changed(source)).toEqual([]);
  });

  it('tells where a change is', () => {
    expect(mutantsOf('some.ts', 'const a = 0;\n  const b = c > d; // why\n').at(-1)).toMatchObject({
      line: 2,
      lineText: 'const b = c > d; // why',
      change: 'c > d -> c <= d',
    });
  });

  it('says which source it cannot read', () => {
    expect(() => mutantsOf('some.ts', 'const = ;')).toThrow('some.ts: ');
  });
});

describe('sampleOf', () => {
  const all = Array.from({ length: 100 }, (_, index) => index);

  it('draws the same ones by the same seed, each once and in their order', () => {
    const drawn = sampleOf(all, 20, 7);
    expect(new Set(drawn).size).toBe(20);
    expect(drawn).toEqual([...drawn].sort((a, b) => a - b));
    expect(sampleOf(all, 20, 7)).toEqual(drawn);
    expect(sampleOf(all, 20, 8)).not.toEqual(drawn);
  });

  it('draws all where there are no more', () => {
    expect(sampleOf(all, 200, 1)).toEqual(all);
  });
});
