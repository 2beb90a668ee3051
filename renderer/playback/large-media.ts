import type { Clock } from '../../shared/clock.ts';
import {
  type BegunMedia,
  GATEWAY_CANCELLED,
  MEDIA_TOO_MUCH_WORK,
  type MediaAnswer,
  type MediaRequest,
  type MediaRest,
} from '../../shared/gateway/gateway-exchange.ts';
import { isOverMediaBudgetInSteps } from '../../shared/media/media-budget.ts';
import { inTurns, type NextTurn, nextTurn } from './next-turn.ts';

/** Most bytes of one site's large answers in memory. Beyond them, only the oldest answer continues. */
const MOST_IN_HAND_BYTES = 32_000_000;
/** A piece that takes longer than this waits for its site, ms: then pieces of other answers may overtake it. */
const LONGEST_TURN_MS = 250;

/** Requests media from the host. Rejects only where the host itself does not answer. */
export interface MediaPieces {
  begin(request: MediaRequest): Promise<BegunMedia>;
  rest(requestId: string): Promise<MediaRest>;
}

/** An answer whose pieces are being taken. */
interface Taking {
  readonly requestId: string;
  readonly pieces: Uint8Array[];
  /** Bytes that have arrived. */
  bytes: number;
  /** Requests its next piece, and never rejects; `null` while none is wanted. */
  ask: (() => Promise<void>) | null;
  isCancelled: boolean;
}

/**
 * Takes large answers with media from the host piece by piece, with one queue for each site. Whatever a site sends, the page
 * does more urgent work after each piece, and holds no more bytes of the site than one large answer and
 * {@link MOST_IN_HAND_BYTES}. Answers that come at once, as those of usual media do, pass without a wait.
 */
export class LargeMedia {
  private readonly host: MediaPieces;
  private readonly clock: Clock;
  private readonly nextTurn: NextTurn;
  /** The queue of each site. */
  private readonly lines = new Map<string, SiteLine>();

  constructor(host: MediaPieces, clock: Clock, turn: NextTurn = nextTurn) {
    this.host = host;
    this.clock = clock;
    this.nextTurn = turn;
  }

  /** @returns the whole answer. Rejects only where the host itself does not answer */
  async media(request: MediaRequest): Promise<MediaAnswer> {
    const begun = await this.host.begin(request);
    if (begun.kind === 'failed') return begun;
    const { hasMore, ...answer } = begun;
    if (!hasMore) return answer;
    const line = this.lines.get(request.site) ?? new SiteLine(this.clock, this.nextTurn);
    this.lines.set(request.site, line);
    const taking = { requestId: request.requestId, pieces: [], bytes: 0, ask: null, isCancelled: false };
    line.join(taking);
    try {
      const last = await this.takeAll(taking, line);
      if (last.kind === 'failed') return last;
      await this.nextTurn();
      const bytes = joined(taking);
      if (await inTurns(isOverMediaBudgetInSteps(bytes), this.nextTurn)) return MEDIA_TOO_MUCH_WORK;
      // What reads the media next takes its time as well.
      await this.nextTurn();
      return { ...answer, bytes };
    } finally {
      line.leave(taking);
      if (line.isEmpty) this.lines.delete(request.site);
    }
  }

  /** Drops an answer that nobody waits for any more. */
  cancel(requestId: string): void {
    for (const line of this.lines.values()) line.cancel(requestId);
  }

  private async takeAll(taking: Taking, line: SiteLine): Promise<MediaRest> {
    for (;;) {
      const piece = await line.piece(taking, () => this.host.rest(taking.requestId));
      if (piece.kind === 'failed') return piece;
      if (taking.isCancelled) return GATEWAY_CANCELLED;
      taking.pieces.push(piece.bytes);
      taking.bytes += piece.bytes.length;
      if (!piece.hasMore) return piece;
    }
  }
}

/**
 * The large answers of one site. Their pieces come one after the other, and the answer that began first is complete first.
 */
class SiteLine {
  private readonly clock: Clock;
  private readonly nextTurn: NextTurn;
  /** The oldest first. */
  private readonly takings = new Set<Taking>();
  private isServing = false;

  constructor(clock: Clock, turn: NextTurn) {
    this.clock = clock;
    this.nextTurn = turn;
  }

  get isEmpty(): boolean {
    return this.takings.size === 0;
  }

  join(taking: Taking): void {
    this.takings.add(taking);
  }

  leave(taking: Taking): void {
    this.takings.delete(taking);
    this.serve();
  }

  cancel(requestId: string): void {
    for (const taking of this.takings)
      if (taking.requestId === requestId) {
        taking.isCancelled = true;
        taking.pieces.length = 0;
        taking.bytes = 0;
      }
    this.serve();
  }

  /** Requests the next piece of an answer when its turn comes. */
  piece(taking: Taking, ask: () => Promise<MediaRest>): Promise<MediaRest> {
    return new Promise((resolve, reject) => {
      taking.ask = async () => {
        try {
          resolve(taking.isCancelled ? GATEWAY_CANCELLED : await ask());
        } catch (error) {
          reject(error);
        }
      };
      this.serve();
    });
  }

  /** Runs until no answer waits, or the waiting ones have to wait for the oldest. */
  private async serve(): Promise<void> {
    if (this.isServing) return;
    this.isServing = true;
    for (;;) {
      await this.nextTurn();
      const ask = this.next();
      if (ask === null) break;
      await this.atMost(LONGEST_TURN_MS, ask());
    }
    this.isServing = false;
  }

  private next(): Taking['ask'] {
    const [oldest] = this.takings;
    let bytes = 0;
    for (const taking of this.takings) bytes += taking.bytes;
    for (const taking of this.takings) {
      const { ask } = taking;
      const mayGoOn = taking === oldest || taking.isCancelled || bytes < MOST_IN_HAND_BYTES;
      if (ask === null || !mayGoOn) continue;
      taking.ask = null;
      return ask;
    }
    return null;
  }

  /** @param asked never rejects */
  private atMost(ms: number, asked: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const endTimer = this.clock.after(ms, resolve);
      asked.then(() => {
        endTimer();
        resolve();
      });
    });
  }
}

/** Drops each piece once it was copied. */
function joined({ pieces, bytes }: Taking): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
