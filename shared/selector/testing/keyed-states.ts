import { CLEAN_RECORD } from '../damping.ts';
import type { Phase, Standing, TileState, WatchedStream } from '../types.ts';
import { CoarseView, type Memory } from './coarse-state.ts';

/** Parts of one kind, and values of what else differs, that a sweep may come to; four of them have room in a number. */
const MOST_PARTS = 2 ** 13;

/**
 * The coarse states of one sweep, and a key of each. Equal parts of them are one object with one number, so that what a step
 * has left as it was is neither made nor compared again: most moves change one stream and the phase, or nothing at all.
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

  /** The same for equal coarse states of this sweep, and another for any other. */
  keyOf(state: TileState): number {
    let key = this.phases.numberOf(state.phase);
    for (const stream of state.streams) key = key * MOST_PARTS + this.streams.numberOf(stream);
    // The last place tells how many places are before it.
    key = key * MOST_PARTS + this.restOf(state);
    if (!Number.isSafeInteger(key)) throw new Error('a key has no room for so many streams');
    return key;
  }

  private shared(view: CoarseView, state: TileState): TileState {
    return view.of(
      this.phases.shared(view.phase()),
      state.streams.map((stream) => this.streams.shared(view.stream(stream))),
    );
  }

  /** A number for what else differs within a sweep, which tells no date-times and edits no policy but one. */
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

/** Of equal parts the first one stands for all, and has a number. */
class Parts<T extends object> {
  private readonly textOf: (part: T) => string;
  private readonly byText = new Map<string, T>();
  private readonly numbers = new Map<T, number>();

  constructor(textOf: (part: T) => string) {
    this.textOf = textOf;
  }

  /** The part that stands for this one. */
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
