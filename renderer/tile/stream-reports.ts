import type { LatestReport } from '../../shared/selector/local-silence.ts';
import { isAlive } from '../../shared/selector/standing.ts';
import type { Evidence, TileState } from '../../shared/selector/types.ts';
import type { GatewayFailure } from './gateway-failure.ts';

/** A report of a watch or a player. */
export type StreamReport =
  | { readonly type: 'proof' }
  /** With the gateway's own words, where it gave a reason. */
  | { readonly type: 'evidence'; readonly evidence: Evidence; readonly words?: string | undefined };

/** The latest reports about each stream of a tile, from its watch or a player. */
export class StreamReports {
  private readonly latest = new Map<string, LatestReport>();
  private readonly failures = new Map<string, GatewayFailure>();

  take(streamId: string, report: StreamReport): void {
    if (report.type === 'proof') {
      this.latest.set(streamId, 'proof');
      return;
    }
    const { evidence, words } = report;
    this.latest.set(streamId, evidence.cause);
    if (words === undefined) this.failures.delete(streamId);
    else this.failures.set(streamId, { cause: evidence.cause, words });
  }

  /** `undefined` before the first report. */
  latestOf(streamId: string): LatestReport | undefined {
    return this.latest.get(streamId);
  }

  /** The gateway's report of the stream's latest failure. */
  failureOf(streamId: string): GatewayFailure | null {
    return this.failures.get(streamId) ?? null;
  }

  /** Forgets the failures of streams that are alive again: their words must not be shown with a later failure. */
  follow({ streams }: TileState): void {
    for (const { id, standing } of streams) if (isAlive(standing)) this.failures.delete(id);
  }

  forget(streamId: string): void {
    this.latest.delete(streamId);
    this.failures.delete(streamId);
  }

  clear(): void {
    this.latest.clear();
    this.failures.clear();
  }
}
