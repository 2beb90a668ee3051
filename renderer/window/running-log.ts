import type { Clock } from '../../shared/clock.ts';
import { type LogTopic, MAX_LOG_LINE, MAX_LOG_LINES } from '../../shared/running-log.ts';
import type { Command, Observation } from '../../shared/selector/types.ts';
import { isoTimeOf } from '../playback/system-clock.ts';
import type { HostGateway } from '../playback/transport.ts';

/** Age limit of the entries in the diagnostics, ms. */
const KEPT_MS = 60_000;
/** Limit of the entries in the diagnostics: public issue forms take 65,536 characters. Large walls fill them in seconds. */
const MOST_KEPT = 300;
/** Printed lines are gathered for this long, ms. */
const GATHER_MS = 250;
/** Limit of the lines that wait to be printed. Of further ones only the number is printed. */
const MOST_WAITING = 2000;

/** Observations that each tile makes several times a second: they would push all others out. */
const FREQUENT: ReadonlySet<Observation['type']> = new Set(['tick', 'buffer', 'progress']);

interface Entry {
  readonly atMs: number;
  readonly topic: LogTopic;
  /** Text, or what is made to text when it is read. */
  readonly what: string | Observation | Command;
  /** Counted from 1. */
  readonly tile?: number;
}

/**
 * What the window did in the last minute: observations and commands of its tiles, and requests. They are kept for the
 * diagnostics, and printed where the viewer was started so. Headers and the values of queries are left out: they may be secrets.
 */
export class RunningLog {
  private kept: Entry[] = [];
  private readonly waiting: string[] = [];
  private leftOut = 0;
  private isGathering = false;

  constructor(
    private readonly deps: {
      readonly clock: Clock;
      readonly printed: readonly LogTopic[];
      /** Has the host print at most {@link MAX_LOG_LINES} lines. */
      readonly print: (lines: string[]) => Promise<unknown>;
    },
  ) {}

  /** A tile observed something, and commanded what follows from it. */
  step(tile: number, observation: Observation, commands: readonly Command[]): void {
    if (commands.length === 0 && FREQUENT.has(observation.type)) return;
    const atMs = this.deps.clock.now();
    for (const what of [observation, ...commands]) this.add({ atMs, topic: 'tile', tile, what });
  }

  /** The same gateway. A request is in the log once it is over. */
  ofGateway(gateway: HostGateway): HostGateway {
    return {
      playlist: (request) =>
        this.request('playlist', request.pathname, gateway.playlist(request), (answer) =>
          answer.kind === 'text' ? `${answer.text.length} characters` : failureIn(answer),
        ),
      media: (request) =>
        this.request(request.expects, request.pathname, gateway.media(request), (answer) =>
          answer.kind === 'bytes' ? `${answer.bytes.length} bytes` : failureIn(answer),
        ),
      cancel: (requestId) => gateway.cancel(requestId),
    };
  }

  /** The newest lines of the last minute, {@link MOST_KEPT} at most, the oldest first. */
  lastMinute(): string[] {
    const fromMs = this.deps.clock.now() - KEPT_MS;
    const newest = this.kept.slice(-MOST_KEPT).filter(({ atMs }) => atMs >= fromMs);
    return newest.map((entry) => this.lineOf(entry));
  }

  private async request<A>(
    kind: string,
    pathname: string,
    answering: Promise<A>,
    wordsOf: (answer: A) => string,
  ): Promise<A> {
    const startedMs = this.deps.clock.now();
    const end = (words: string): void => {
      const atMs = this.deps.clock.now();
      const elapsed = `${Math.round(atMs - startedMs)} ms`;
      const what = `${kind} ${withoutQuery(pathname)}: ${words}, ${elapsed}`;
      this.add({ atMs, topic: 'gateway', what });
    };
    try {
      const answer = await answering;
      end(wordsOf(answer));
      return answer;
    } catch (error) {
      end('the host did not answer');
      throw error;
    }
  }

  private add(entry: Entry): void {
    this.kept.push(entry);
    // In large steps: to remove the first entry each time would move all others.
    if (this.kept.length >= 2 * MOST_KEPT) this.kept = this.kept.slice(-MOST_KEPT);
    if (this.deps.printed.includes(entry.topic)) this.print(this.lineOf(entry));
  }

  private print(line: string): void {
    if (this.waiting.length < MOST_WAITING) this.waiting.push(line);
    else this.leftOut += 1;
    if (this.isGathering) return;
    this.isGathering = true;
    this.deps.clock.after(GATHER_MS, () => this.flush());
  }

  private flush(): void {
    this.isGathering = false;
    const lines = this.waiting.splice(0, MAX_LOG_LINES - 1);
    if (this.leftOut > 0) {
      lines.push(`${this.leftOut} lines are left out`);
      this.leftOut = 0;
    }
    // A line that is not printed is still in the diagnostics.
    this.deps.print(lines).catch(() => {});
    if (this.waiting.length === 0) return;
    this.isGathering = true;
    this.deps.clock.after(GATHER_MS, () => this.flush());
  }

  private lineOf({ atMs, topic, tile, what }: Entry): string {
    const who = tile === undefined ? topic : `${topic} ${tile}`;
    const words = typeof what === 'string' ? what : wordsOf(what);
    const line = `${isoTimeOf(this.deps.clock, atMs)} ${who}: ${words}`;
    return line.replaceAll(/\p{Cc}/gu, ' ').slice(0, MAX_LOG_LINE);
  }
}

/** The type first: the rest says more of it. */
function wordsOf({ type, ...rest }: Observation | Command): string {
  return Object.keys(rest).length === 0 ? type : `${type} ${JSON.stringify(rest)}`;
}

function failureIn({ status, reason }: { readonly status: number; readonly reason: string | null }): string {
  return reason ?? `status ${status}`;
}

/** Queries, and parameters of a path such as `;jsessionid=`, may be a login. */
function withoutQuery(pathname: string): string {
  const end = pathname.search(/[?;]/);
  return end === -1 ? pathname : `${pathname.slice(0, end + 1)}…`;
}
