import { CLEAN_RECORD } from '../damping.ts';
import type { Phase, Standing, TileState, WatchedStream } from '../types.ts';
import { CoarseView, type Memory } from './coarse-state.ts';

/** The most different parts of one kind in a sweep. Four numbers below this fit into one safe integer. */
const MOST_PARTS = 2 ** 13;

/**
 * The coarse states of one sweep, and a key for each. Equal parts are one object with one number, so that a part that a step
 * kept is neither made nor compared again: most moves change one stream and the phase, or nothing at all.
 */
export class KeyedStates {
  private readonly memory: Memory;
  private readonly phases = new Parts<Phase>(JSON.stringify);
  private readonly standings = new Parts<Standing>(JSON.stringify);
  private readonly streams = new Parts<WatchedStream>((stream) => this.textOf(stream));
  private readonly rests = new Map<string, number>();

  constructor(memory: Memory) {
    this.memory = memory;
  }

  first(start: TileState): TileState {
    return this.shared(new CoarseView(start, this.memory, null), start);
  }

  /** @param before the coarse state of this sweep that the step to `state` began in */
  after(before: TileState, state: TileState): TileState {
    return this.shared(new CoarseView(state, this.memory, before), state);
  }

  /** Equal coarse states of this sweep have the same key, and different ones have different keys. */
  keyOf(state: TileState): number {
    let key = this.phases.numberOf(state.phase);
    for (const stream of state.streams) key = key * MOST_PARTS + this.streams.numberOf(stream);
    // The last number tells how many numbers of streams are before it.
    key = key * MOST_PARTS + this.restOf(state);
    if (!Number.isSafeInteger(key)) throw new Error('a key has no room for this many streams');
    return key;
  }

  private shared(view: CoarseView, state: TileState): TileState {
    return view.of(
      this.phases.shared(view.phase()),
      state.streams.map((stream) => this.streams.shared(view.stream(stream))),
    );
  }

  /** A number for all that differs besides within a sweep. A sweep has no date-times, and edits one policy only. */
  private restOf({ streams, failedBack, moveFromMs, hotStandby, machine, policies }: TileState): number {
    const undoable = failedBack === null ? '' : `${failedBack.streamId} ${failedBack.atMs}`;
    const text = `${streams.length} ${undoable} ${moveFromMs} ${hotStandby} ${machine} ${policies.bridgeAtOnce}`;
    const known = this.rests.get(text);
    if (known !== undefined) return known;
    this.rests.set(text, this.rests.size);
    return this.rests.size - 1;
  }

  private textOf(stream: WatchedStream): string {
    const { id, record, failedAttempts, nextTryAtMs, format, verdict, duty, watch, leaving } = stream;
    const standing = this.standings.numberOf(this.standings.shared(stream.standing));
    const past = record === CLEAN_RECORD ? '' : Object.values(record).join();
    return `${id} ${standing} ${past} ${failedAttempts} ${nextTryAtMs} ${format} ${verdict} ${duty} ${watch} ${leaving}`;
  }
}

/** Gives equal parts one object and one number. */
class Parts<T extends object> {
  private readonly textOf: (part: T) => string;
  private readonly byText = new Map<string, T>();
  private readonly numbers = new Map<T, number>();

  constructor(textOf: (part: T) => string) {
    this.textOf = textOf;
  }

  /** The one object for all parts that equal this one. */
  shared(part: T): T {
    if (this.numbers.has(part)) return part;
    const text = this.textOf(part);
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    if (this.byText.size + 1 === MOST_PARTS)
      throw new Error(`there are more than ${MOST_PARTS} different parts`);
    this.numbers.set(part, this.byText.size);
    this.byText.set(text, part);
    return part;
  }

  /** @param part one that {@link shared} gave */
  numberOf(part: T): number {
    const number = this.numbers.get(part);
    if (number === undefined) throw new Error('a part of a coarse state was not shared');
    return number;
  }
}
