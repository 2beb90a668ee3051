import { expect, it } from 'vitest';
import { z } from 'zod';
import { REQUESTS } from './bridge.ts';

type Node = { readonly [key: string]: unknown };

/** The places in a schema where a text or list has no length limit. */
function unbounded(node: Node, where: string): string[] {
  const own =
    (node.type === 'string' &&
      node.maxLength === undefined &&
      node.enum === undefined &&
      node.const === undefined) ||
    (node.type === 'array' && node.maxItems === undefined);
  const inner = Object.entries(node).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? unbounded(value as Node, `${where}.${key}`) : [],
  );
  return [...(own ? [where] : []), ...inner];
}

it.each(Object.entries(REQUESTS))(
  'every text and every list in the input of %s has a length limit',
  (name, { input }) => {
    const schema = z.toJSONSchema(input, { unrepresentable: 'any', io: 'input' });
    expect(unbounded(schema as Node, name)).toEqual([]);
  },
);

it('a window reports no more sites than there can be', () => {
  const report = (sites: number) => ({
    windowId: 'a',
    wishes: Object.fromEntries(Array.from({ length: sites }, (_, nth) => [`site-${nth}`, 1])),
    running: 0,
    settled: true,
  });
  expect(REQUESTS['standbys.allot'].input.safeParse(report(16)).success).toBe(true);
  expect(REQUESTS['standbys.allot'].input.safeParse(report(17)).success).toBe(false);
});
