import { expect, test, vi } from 'vitest';
import { ConnectionLimit, MAX_KNOWN, MAX_REFUSED, MAX_STRANGERS } from './connection-limit.ts';

const connection = () => ({ destroy: vi.fn() });
type Connection = ReturnType<typeof connection>;

const open = (limit: ConnectionLimit<Connection>, count: number): Connection[] =>
  Array.from({ length: count }, () => {
    const opened = connection();
    limit.opened(opened);
    return opened;
  });
const ended = (connections: readonly Connection[]): number =>
  connections.filter(({ destroy }) => destroy.mock.calls.length > 0).length;

test('of the connections without the token, the oldest is closed for each one too many', () => {
  const limit = new ConnectionLimit<Connection>();
  const strangers = open(limit, MAX_STRANGERS);
  expect(ended(strangers)).toBe(0);
  open(limit, 2);
  expect(strangers.map(({ destroy }) => destroy.mock.calls.length).slice(0, 3)).toEqual([1, 1, 0]);
});

test('a connection that has shown the token stays, however many others come', () => {
  const limit = new ConnectionLimit<Connection>();
  const [own] = open(limit, 1);
  if (own === undefined) throw new Error('none was opened');
  limit.showedToken(own);
  const strangers = open(limit, 10 * MAX_STRANGERS);
  expect(own.destroy).not.toHaveBeenCalled();
  expect(ended(strangers)).toBe(9 * MAX_STRANGERS);
});

test('a closed connection makes room for another', () => {
  const limit = new ConnectionLimit<Connection>();
  const strangers = open(limit, MAX_STRANGERS);
  for (const stranger of strangers) limit.closed(stranger);
  expect(ended([...strangers, ...open(limit, MAX_STRANGERS)])).toBe(0);
});

test('connections with the token are limited too: the newest is one too many', () => {
  const limit = new ConnectionLimit<Connection>();
  const known = open(limit, MAX_KNOWN + 1);
  for (const one of known) limit.showedToken(one);
  expect(known.map(({ destroy }) => destroy.mock.calls.length)).toEqual([...Array(MAX_KNOWN).fill(0), 1]);
});

test('a connection with many requests without the token is closed; one with the token is not', () => {
  const limit = new ConnectionLimit<Connection>();
  const [stranger, own] = open(limit, 2);
  if (stranger === undefined || own === undefined) throw new Error('none was opened');
  limit.showedToken(own);
  for (let request = 0; request < MAX_REFUSED; request += 1)
    for (const one of [stranger, own]) limit.refused(one);
  expect(stranger.destroy).not.toHaveBeenCalled();
  for (const one of [stranger, own]) limit.refused(one);
  expect(stranger.destroy).toHaveBeenCalledOnce();
  expect(own.destroy).not.toHaveBeenCalled();
});
