import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Addresses of a name: an IPv4 address, and an IPv6 address if the name has one. */
export interface NamedAddresses {
  readonly address: string;
  /** IPv6 address in full: eight groups. */
  readonly address6?: string;
}

/**
 * State of a name. `answered`: its address is 127.0.0.1; {@link NamedAddresses}: it has these addresses; `hung`: its queries
 * are never answered; `unknown`: there is no such name.
 */
export type NameState = 'answered' | NamedAddresses | 'hung' | 'unknown';

const HEADER_BYTES = 12;
const TYPE_A = 1;
const TYPE_AAAA = 28;
/** Flags of the header: response, recursion desired, recursion available (RFC 1035, 4.1.1). */
const RESPONSE_FLAGS = 0x8180;
const NAME_ERROR = 3;
/**
 * An A record up to its address: pointer to the question's name (RFC 1035, 4.1.4), type A, class IN, lifetime 0 s, 4 bytes
 * of address.
 */
const A_RECORD = Buffer.from('c00c00010001000000000004', 'hex');
/** An AAAA record (RFC 3596) up to its address: the same with type AAAA and 16 bytes of address. */
const AAAA_RECORD = Buffer.from('c00c001c0001000000000010', 'hex');
const LOOPBACK = '127.0.0.1';

/**
 * A DNS server (RFC 1035, over UDP) on loopback, for sites whose names hang. On a free port it needs no privilege, and
 * `new dns.Resolver().setServers([resolver.address])` sends queries to it. The operating system sends queries to it only
 * if resolv.conf names it, which needs port 53 and a mount namespace.
 */
export class RigResolver implements AsyncDisposable {
  /** Number of queries so far, by name in lower case. */
  readonly queries = new Map<string, number>();
  private readonly socket: Socket;
  private readonly names = new Map<string, NameState>();

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('message', (query, from) => this.answer(query, from));
  }

  /**
   * @param port on 127.0.0.1; 0 for a free one
   * @throws the system's error (`EADDRINUSE`, `EACCES`, …) where the port is not available
   */
  static async open(port = 0): Promise<RigResolver> {
    const socket = createSocket('udp4');
    socket.bind(port, LOOPBACK);
    await once(socket, 'listening');
    return new RigResolver(socket);
  }

  /** `127.0.0.1:<port>` */
  get address(): string {
    return `${LOOPBACK}:${this.socket.address().port}`;
  }

  /** Sets the state of a name for later queries. A name that was never set is unknown. */
  set(name: string, state: NameState): void {
    this.names.set(name.toLowerCase(), state);
  }

  async close(): Promise<void> {
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private answer(query: Buffer, from: RemoteInfo): void {
    const question = readQuestion(query);
    if (question === null) return;
    this.queries.set(question.name, (this.queries.get(question.name) ?? 0) + 1);
    const state = this.names.get(question.name) ?? 'unknown';
    if (state === 'hung') return;
    const records = state === 'unknown' ? [] : recordsOf(state, question.type);
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt16BE(query.readUInt16BE(0), 0);
    header.writeUInt16BE(RESPONSE_FLAGS | (state === 'unknown' ? NAME_ERROR : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    this.socket.send(
      Buffer.concat([header, query.subarray(HEADER_BYTES, question.endAt), ...records]),
      from.port,
      from.address,
    );
  }
}

function recordsOf(state: 'answered' | NamedAddresses, type: number): Buffer[] {
  const { address, address6 }: NamedAddresses = state === 'answered' ? { address: LOOPBACK } : state;
  if (type === TYPE_A) return [Buffer.concat([A_RECORD, Buffer.from(address.split('.').map(Number))])];
  if (type !== TYPE_AAAA || address6 === undefined) return [];
  const hex = address6.split(':').map((group) => group.padStart(4, '0'));
  return [Buffer.concat([AAAA_RECORD, Buffer.from(hex.join(''), 'hex')])];
}

interface Question {
  /** Name in lower case. */
  readonly name: string;
  readonly type: number;
  /** Offset in the query at which the question ends, bytes. */
  readonly endAt: number;
}

/** @returns `null` where the message is not a query with exactly one question */
function readQuestion(query: Buffer): Question | null {
  if (query.length < HEADER_BYTES || query.readUInt16BE(4) !== 1) return null;
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const endAt = at + 5;
  if (endAt > query.length) return null;
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), endAt };
}
