import type { DemoFault } from '../../shared/demo.ts';

/** What a fault does to requests. A fault is a combination of these, and so are two faults at once. */
export interface FaultEffect {
  /** `refused`: at a whole site nothing listens and every connection is cut; for one camera its connections are reset. */
  readonly connections: 'open' | 'refused';
  /** `held`: no byte of an answer is sent, neither of new nor of begun ones, as long as it lasts; a number: that HTTP status. */
  readonly answers: 'given' | 'held' | number;
  /** `frozen`: playlists stay what they were when the fault began. */
  readonly playlists: 'moving' | 'frozen';
}

const NO_EFFECT: FaultEffect = { connections: 'open', answers: 'given', playlists: 'moving' };

export const FAULT_EFFECTS: Readonly<Record<DemoFault, FaultEffect>> = {
  none: NO_EFFECT,
  stop: { ...NO_EFFECT, connections: 'refused' },
  hang: { ...NO_EFFECT, answers: 'held' },
  '503': { ...NO_EFFECT, answers: 503 },
  freeze: { ...NO_EFFECT, playlists: 'frozen' },
};

/** A fault in force, with the instant (ms since 1970) at which it began. */
export interface ActiveFault {
  readonly effect: FaultEffect;
  readonly sinceMs: number;
}

export interface MetFaults extends Pick<FaultEffect, 'connections' | 'answers'> {
  /** The instant (ms since 1970) that playlists show, where they do not move. */
  readonly frozenAtMs: number | undefined;
}

/** What a request meets under several faults at once: of each kind the worst, and the earliest freeze. */
export function meet(faults: readonly ActiveFault[]): MetFaults {
  const effects = faults.map((fault) => fault.effect);
  const frozen = faults.filter((fault) => fault.effect.playlists === 'frozen');
  return {
    connections: effects.some((effect) => effect.connections === 'refused') ? 'refused' : 'open',
    answers: effects.some((effect) => effect.answers === 'held')
      ? 'held'
      : (effects.find((effect) => effect.answers !== 'given')?.answers ?? 'given'),
    frozenAtMs: frozen.length > 0 ? Math.min(...frozen.map((fault) => fault.sinceMs)) : undefined,
  };
}
