import { expect, it } from 'vitest';
import { MAX_GATEWAY_WORDS } from '../gateway/gateway-words.ts';
import { journalEntrySchema } from './journal-entry.ts';

const alarm = {
  kind: 'alarm',
  time: '2031-04-09T14:03:12.345Z',
  view: 'Wall',
  tile: 3,
  camera: 'gate',
  alarm: 'no-video',
  stream: 'main/sub',
  cause: 'tls-expired',
} as const;
const change = {
  kind: 'change',
  time: '2031-04-09T14:03:12.345Z',
  view: 'Wall',
  tile: 3,
  camera: 'gate',
  from: 'main/sub',
  to: 'backup/sub',
  cause: 'tls-expired',
  firstEvidenceAt: null,
  firstFrameAt: '2031-04-09T14:03:12.400Z',
  gapMs: 67,
  jumpMs: null,
} as const;

it.each([alarm, change])(
  'reads an entry of kind $kind that was written before there were messages',
  (entry) => {
    expect(journalEntrySchema.parse(entry)).toEqual(entry);
  },
);

it.each([alarm, change])('accepts messages of a bounded length in an entry of kind $kind', (entry) => {
  const longest = { ...entry, words: 'w'.repeat(MAX_GATEWAY_WORDS) };
  expect(journalEntrySchema.parse(longest)).toEqual(longest);
  for (const words of ['', `${longest.words}w`])
    expect(journalEntrySchema.safeParse({ ...entry, words }).success).toBe(false);
});
