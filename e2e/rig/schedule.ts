import type { Fault } from '../../electron/demo/faults.ts';
import { seededRandom } from '../../electron/demo/seeded-random.ts';
import type { FaultStep } from './rig-protocol.ts';

/** Range of a duration, which is drawn at random from it. */
export interface Span {
  readonly minMs: number;
  readonly maxMs: number;
}

export interface FlappingOptions {
  readonly siteId: string;
  readonly fault: Fault;
  readonly cameras?: readonly string[];
  /** When the first fault begins, ms after the schedule's start. */
  readonly fromMs: number;
  /** When every fault has ended, ms after the schedule's start. */
  readonly toMs: number;
  /** How long the fault lasts each time. */
  readonly down: Span;
  /** How long there is no fault each time. */
  readonly up: Span;
  /** The same seed gives the same steps. */
  readonly seed: number;
}

/**
 * The steps with which a site, or some of its cameras, fails and recovers again and again.
 * @throws {RangeError} where a span is not above 0, or its maximum is below its minimum
 */
export function flapping(options: FlappingOptions): readonly FaultStep[] {
  const { siteId, fault, cameras, fromMs, toMs, down, up, seed } = options;
  for (const [name, { minMs, maxMs }] of Object.entries({ down, up }))
    if (!(minMs > 0 && maxMs >= minMs))
      throw new RangeError(
        `"${name}" is ${minMs} to ${maxMs} ms: it has to be above 0, and its end not before its begin`,
      );
  const random = seededRandom(seed);
  const draw = ({ minMs, maxMs }: Span): number => Math.round(minMs + random() * (maxMs - minMs));
  const step = (atMs: number, faults: Fault[]): FaultStep => ({
    kind: 'fault',
    atMs,
    siteId,
    faults,
    ...(cameras && { cameras: [...cameras] }),
  });
  const steps: FaultStep[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += draw(up)) {
    steps.push(step(atMs, [fault]));
    atMs = Math.min(toMs, atMs + draw(down));
    steps.push(step(atMs, []));
  }
  return steps;
}
