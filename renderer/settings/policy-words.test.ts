import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configSchema } from '../../shared/config/config.ts';
import { POLICY_SETTINGS } from './policy-settings.ts';
import { hourOptions, hoursWords, lagWords, stableWords } from './policy-words.ts';
import { type Setting, type SettingValue, sentenceOf, settingAt } from './setting.ts';

describe.each(policiesOf(configSchema.shape.policies))(
  'the policy $path of the schema',
  ({ path, schema }) => {
    const setting: Setting | undefined = settingAt(POLICY_SETTINGS, path.split('.'))?.setting;

    it('has a field with a label, and a sentence for each value', () => {
      expect(setting?.label).toMatch(/^[A-Z]/);
      for (const value of valuesOf(schema))
        expect(setting && sentenceOf(setting, value)).toMatch(/^[A-Z0-9“].+[.!?]$/);
    });

    it('has the limits and the default in its sentence that the schema has', () => {
      if (setting?.kind !== 'number') return;
      const { min, max, default: usual } = setting.range ?? { min: 0, max: 0, default: 0 };
      const accepted = [min - 1, min, max, max + 1].map((value) => schema.safeParse(value).success);
      expect(accepted).toEqual([false, true, true, false]);
      expect(schema.parse(undefined)).toBe(usual);
    });
  },
);

/** The policies of a schema with their paths. What may be missing as a whole is one policy. */
function policiesOf(
  schema: z.core.$ZodType,
  path: readonly string[] = [],
): { path: string; schema: z.ZodType }[] {
  const inner = withoutDefault(schema);
  if (!(inner instanceof z.ZodObject)) return [{ path: path.join('.'), schema: schema as z.ZodType }];
  return Object.entries(inner.shape).flatMap(([name, part]) =>
    policiesOf(part as z.ZodType, [...path, name]),
  );
}

/** What the field of a policy can hold: every choice, both positions of a switch, one number. */
function valuesOf(schema: z.ZodType): SettingValue[] {
  const inner = withoutDefault(schema);
  if (inner instanceof z.ZodEnum) return inner.options.map(String);
  if (inner instanceof z.ZodBoolean) return [true, false];
  return inner instanceof z.ZodOptional ? [null, { from: 22, to: 5 }] : ['1'];
}

function withoutDefault(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? schema.unwrap() : schema;
}

it('says after which time the tiles return, and how long the return is spread', () => {
  expect(stableWords('30', 'automatic', 9)).toBe(
    'A site that fails again within 30 s of coming back starts anew; then the tiles return one by one, within 5 s.',
  );
  expect(stableWords('30', 'automatic', 64)).toContain('within 9.6 s');
});

it('promises no return where the operator decides', () => {
  expect(stableWords('0', 'manual', 9)).toBe(
    'A site has proved itself as soon as its pictures move again; before that, the return is not offered.',
  );
});

it('explains a lag of zero', () => {
  expect(lagWords('0,0')).toContain('catch up entirely');
  expect(lagWords('3')).toContain('more than 3 s behind');
});

it('says that the hours go over midnight', () => {
  expect(hoursWords({ from: 22, to: 5 })).toContain('between 22:00 and 05:00 of the next day');
  expect(hoursWords({ from: 9, to: 17 })).toContain('between 09:00 and 17:00,');
});

it('says that no hour is left', () => {
  expect(hoursWords({ from: 5, to: 5 })).toContain('never return by themselves');
});

it('offers full hours, the last one included', () => {
  expect(hourOptions(0, 24).at(-1)).toEqual(['24', '24:00']);
});
