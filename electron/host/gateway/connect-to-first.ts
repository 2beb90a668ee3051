import type { LookupAddress } from 'node:dns';
import type net from 'node:net';
import type { Clock } from '../../../shared/clock.ts';
import { reasonOfError } from './failures.ts';

/**
 * Time after which the next address is tried beside one that has not answered, in milliseconds (RFC 8305 section 8).
 */
const NEXT_ADDRESS_AFTER_MS = 250;
/** The same while an address is connected and its TLS handshake still runs, in milliseconds. */
const NEXT_AFTER_CONNECTED_MS = 1000;

export interface ConnectOptions {
  /** In order of preference; at least one. */
  readonly addresses: readonly LookupAddress[];
  /** Begins to connect to an address. */
  readonly connect: (address: LookupAddress) => net.Socket;
  /** The event after which a socket can be used. */
  readonly readyEvent: 'connect' | 'secureConnect';
  /** Why an established connection must not be used; `null` where it is good. */
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
 * Connects to the first of several addresses that accepts (Happy Eyeballs, RFC 8305). The next address is tried as soon
 * as one fails, and after 250 ms beside those that have not answered yet. Node's own `autoSelectFamily` ends each
 * attempt after a fixed time, so that on a slower link only the last address could ever be connected.
 * @throws the signal's reason; or, when all have failed, the most informative error
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
      if (untried.length > 0) stopTimer = clock.after(ms, tryNext);
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

/** An answer of an address says more than "no route" for another one: many machines have no IPv6. */
function mostTelling(errors: readonly Error[]): Error {
  const answered = errors.find((error) => reasonOfError(error) !== 'unreachable') ?? errors[0];
  return answered ?? new Error('there is no address to connect to');
}
