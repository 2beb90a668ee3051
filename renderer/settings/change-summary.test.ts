import { expect, it } from 'vitest';
import { changesBetween, summaryOf } from './change-summary.ts';
import { afterSave, type Edit, editForm } from './edit-form.ts';
import type { ConfigForm } from './form.ts';
import { emptyForm, NO_CREDENTIALS } from './form-from-draft.ts';

/** Sites `new:1` and `new:2`, camera `new:3`, view `new:4`. */
const BEFORE = afterSave(
  edited(
    emptyForm(),
    { kind: 'site-added' },
    { kind: 'site-added' },
    { kind: 'camera-added' },
    { kind: 'view-added' },
  ),
);

function edited(form: ConfigForm, ...edits: readonly Edit[]): ConfigForm {
  return edits.reduce(editForm, form);
}

function changes(...edits: readonly Edit[]): string[] {
  return changesBetween(BEFORE, edited(BEFORE, ...edits));
}

it('says nothing where an edit was undone', () => {
  expect(
    changes(
      { kind: 'site-edited', key: 'new:1', change: { name: 'X' } },
      { kind: 'site-edited', key: 'new:1', change: { name: 'Site 1 ' } },
      { kind: 'camera-path-edited', key: 'new:3', siteKey: 'new:1', change: { main: '' } },
    ),
  ).toEqual([]);
});

it.each<[string, Edit[], string[]]>([
  ['an addition', [{ kind: 'site-added' }], ['Site 3 added']],
  ['a removal', [{ kind: 'camera-removed', key: 'new:3' }], ['camera 1 Camera 1 removed']],
  [
    'the parts of one item together',
    [{ kind: 'site-edited', key: 'new:2', change: { baseUrl: 'http://x/', tlsPin: 'a' } }],
    ['Site 2: address, certificate'],
  ],
  [
    'a further address, and whether the login is sent there',
    [
      {
        kind: 'site-edited',
        key: 'new:1',
        change: { furtherAddresses: [{ baseUrl: 'http://node-2/', sendLogin: false }] },
      },
    ],
    ['Site 1: further addresses'],
  ],
  [
    'another way of watching',
    [{ kind: 'site-edited', key: 'new:1', change: { watch: 'light' } }],
    ['Site 1: watching'],
  ],
  [
    'a new order once, not for each site',
    [{ kind: 'site-moved', key: 'new:2', to: 0 }],
    ['priority is now Site 2, Site 1'],
  ],
  [
    'policies with their old and new values',
    [{ kind: 'policies-edited', change: { reactionTime: '1500', failbackMode: 'manual' } }],
    ['Reaction Time 1000 → 1500 ms', 'Failback automatic → manual'],
  ],
  [
    'allowed hours as a clock shows them',
    [{ kind: 'policies-edited', change: { allowedHours: { from: 22, to: 5 } } }],
    ['allowed hours any → 22:00 to 05:00'],
  ],
  [
    'a camera that is put into a view',
    [{ kind: 'view-cell-edited', key: 'new:4', cell: 0, cameraKey: 'new:3' }],
    ['view View 1: cameras'],
  ],
])('names %s', (_what, edits, expected) => {
  expect(changes(...edits)).toEqual(expected);
});

it('does not call it a change of order when a site is removed', () => {
  expect(changes({ kind: 'site-removed', key: 'new:1' })).toEqual(['Site 1 removed']);
});

it('calls it a change where a further address gets the login, but not where blanks are typed around it', () => {
  const withNode = (baseUrl: string, sendLogin: boolean): ConfigForm =>
    edited(BEFORE, {
      kind: 'site-edited',
      key: 'new:1',
      change: { furtherAddresses: [{ baseUrl, sendLogin }] },
    });
  const before = withNode('http://node-2/', false);
  expect(changesBetween(before, withNode('http://node-2/', true))).toEqual(['Site 1: further addresses']);
  expect(changesBetween(before, withNode(' http://node-2/ ', false))).toEqual([]);
});

it('does not call fields of another kind of login a change', () => {
  const credentials = { ...NO_CREDENTIALS, username: 'left over' };
  expect(changes({ kind: 'site-edited', key: 'new:1', change: { credentials } })).toEqual([]);
});

it('calls another path of a login for a token a change of the login', () => {
  const credentials = {
    ...NO_CREDENTIALS,
    kind: 'session',
    session: { ...NO_CREDENTIALS.session, loginPath: 'login' },
  } as const;
  const before = edited(BEFORE, { kind: 'site-edited', key: 'new:1', change: { credentials } });
  const moved = { ...credentials, session: { ...credentials.session, loginPath: 'v2/login' } };
  const after = edited(before, { kind: 'site-edited', key: 'new:1', change: { credentials: moved } });
  expect(changesBetween(before, after)).toEqual(['Site 1: login']);
});

it('counts the changes', () => {
  expect([[], ['a'], ['a', 'b']].map(summaryOf)).toEqual(['No changes', '1 change: a', '2 changes: a; b']);
});
