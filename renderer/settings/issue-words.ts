import type { z } from 'zod';
import type { Unit } from './setting.ts';

/** The schema's messages use the words of the file; these replacements use the words of the form. */
const FORM_WORDS: readonly (readonly [file: RegExp, form: string])[] = [
  [/^must be an http:\/\/ or https:\/\/ address$/, 'must be an address that begins with http:// or https://'],
  [/put it into "credentials"$/, 'enter it under Login'],
  [
    /^must not have a query: .*$/,
    'must not have a query, from “?” on: it belongs to the path, and a token under Login',
  ],
  [/^is the same as "baseUrl"$/, 'is the site’s own address already'],
  [/"baseUrl" does not begin with/, 'the address does not begin with'],
  [/^"(.*)" is used twice in "(.*)"$/, 'another one of the $2 has the id “$1”'],
  [
    /^".*" has no stream at any site: give it a path, or a site a mainPath$/,
    'no site has a path for this camera: enter one here, or a path for all cameras at a site',
  ],
  [/^must not be empty: "from" and "to" are the same hour$/, 'no hour is left between the two'],
];

/** The fault of a field, as a sentence. */
export function issueWords(issue: z.core.$ZodIssue, unit: Unit): string {
  return sentence(words(issue, unit));
}

/** A message of the host in the words of the form. */
export function hostWords(message: string): string {
  return sentence(inFormWords(message));
}

function words(issue: z.core.$ZodIssue, unit: Unit): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'int' || issue.expected === 'number') return numberWords(unit);
      break;
    case 'too_small':
      if (issue.origin === 'number' || issue.origin === 'int')
        return `must be at least ${inUnit(Number(issue.minimum), unit)}`;
      if (issue.origin === 'string') return 'must not be empty';
      break;
    case 'too_big':
      if (issue.origin === 'number' || issue.origin === 'int')
        return `must be at most ${inUnit(Number(issue.maximum), unit)}`;
      if (issue.origin === 'array') return `there can be ${issue.maximum} at most`;
      break;
    case 'invalid_key':
      return 'the id of a site is not one';
  }
  return inFormWords(issue.message);
}

function inFormWords(message: string): string {
  const found = FORM_WORDS.find(([file]) => file.test(message));
  return found === undefined ? message : message.replace(...found);
}

function numberWords(unit: Unit): string {
  switch (unit) {
    case 's':
      return 'must be a number of seconds';
    case 'ms':
      return 'must be a whole number of milliseconds';
    case null:
      return 'must be a whole number';
  }
}

/** A limit of the configuration, which is in milliseconds, in the field's unit. */
function inUnit(limit: number, unit: Unit): string {
  if (unit === 's') return `${limit / 1000} s`;
  return unit === 'ms' ? `${limit} ms` : String(limit);
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
