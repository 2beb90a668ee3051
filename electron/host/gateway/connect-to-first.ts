import type { LookupAddress } from 'node:dns';
import type net from 'node:net';
import type { Clock } from '../clock.ts';
import { reasonOfError } from './gateway-failure.ts';

/** How long one address is tried before the next one is tried beside it, in milliseconds (RFC 8305 section 8). */
const NEXT_ADDRESS_AFTER_MS = 250;
/** The same from the moment when an address is connected to and TLS is still to be agreed on, in milliseconds. */
const NEXT_AFTER_CONNECTED_MS = 1000;

export interface ConnectOptions {
  /** The best one first; at least one. */
  readonly addresses: readonly LookupAddress[];
  /** Begins to connect to an address. */
  readonly connect: (address: LookupAddress) => net.Socket;
  /** The event by which a socket tells that it can be used. */
  readonly readyEvent: 'connect' | 'secureConnect';
  /** Why a connection that stands is not to be used; `null` where it is good. */
  readonly objection: (socket: net.Socket) => Error | null;
  readonly clock: Clock;
  /** Ends all attempts. */
  readonly signal: AbortSignal;
}

export interface Connected {
  readonly socket: net.Socket;
  readonly address: LookupAddress;
}

/**
 * Connects to the first of some addresses that can be connected to (Happy Eyeballs, RFC 8305): the next address is tried as soon as
 * one fails, and after 250 ms beside those that have not answered yet. Node's own `autoSelectFamily` gives an attempt up when its
 * time is over, so that a link on which connecting takes longer than that would never connect to any address but the last.
 *
 * @throws the signal's reason; or the error of the address that says most, when all have failed
 */
export function connectToFirst(options: ConnectOptions): Promise<Connected> {
  const { connect, readyEvent, objection, clock, signal } = options;
  return new Promise((resolve, reject) => {
    const untried = [...options.addresses];
    const attempts = new Set<net.Socket>();
    const errors: Error[] = [];
    let stopTimer = (): void => {};
    const end = (): void => {
      stopTimer();
      untried.length = 0;
      signal.removeEventListener('abort', onAbort);
      for (const socket of attempts) socket.destroy();
    };
    const onAbort = (): void => {
      end();
      reject(signal.reason);
    };
    const waitForNext = (ms: number): void => {
      stopTimer();
      if (untried.length > 0) stopTimer = clock.schedule(tryNext, ms);
    };
    const tryNext = (): void => {
      const address = untried.shift();
      if (address === undefined) return;
      const socket = connect(address);
      attempts.add(socket);
      const fail = (error: Error): void => {
        if (!attempts.delete(socket)) return;
        socket.destroy();
        errors.push(error);
        stopTimer();
        if (untried.length > 0) tryNext();
        else if (attempts.size === 0) {
          end();
          reject(mostTelling(errors));
        }
      };
      socket.once('error', fail);
      if (readyEvent !== 'connect') socket.once('connect', () => waitForNext(NEXT_AFTER_CONNECTED_MS));
      socket.once(readyEvent, () => {
        if (!attempts.has(socket)) return;
        const wrong = objection(socket);
        if (wrong !== null) {
          fail(wrong);
          return;
        }
        attempts.delete(socket);
        end();
        resolve({ socket, address });
      });
      waitForNext(NEXT_ADDRESS_AFTER_MS);
    };
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    tryNext();
  });
}

/** What an address said counts more than that there is no way to another one: many machines have no IPv6. */
function mostTelling(errors: readonly Error[]): Error {
  const told = errors.find((error) => reasonOfError(error) !== 'unreachable') ?? errors[0];
  return told ?? new Error('there is no address to connect to');
}
