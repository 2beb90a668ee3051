import { readFileSync } from 'node:fs';
import type { Stream } from '../../shared/config/config.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import type { Attention } from '../playback/attention.ts';
import type { CanShow } from '../playback/can-show.ts';
import { LinkMeter } from '../playback/link-meter.ts';
import { SiteBudget } from '../playback/site-budget.ts';
import { StreamWatch, type WatchReport } from '../playback/stream-watch.ts';
import { FakeSite } from './fake-site.ts';

export const MEDIA = new Uint8Array(
  readFileSync(new URL('../../shared/media/fixtures/h264-aac.ts', import.meta.url)),
);
export const STREAM: Stream = {
  id: 'main/main',
  siteId: 'main',
  siteName: 'Main',
  route: 'main',
  quality: 'main',
  path: 'cam1/index.m3u8',
  variant: 'main',
};

/** One watch of one fake site under virtual time, and all its reports. */
export class WatchedStream {
  readonly clock = new VirtualClock();
  readonly linkMeter = new LinkMeter(this.clock);
  readonly site: FakeSite;
  readonly reports: (WatchReport & { atMs: number })[] = [];
  readonly watch: StreamWatch;
  /** What this workstation can show. */
  canShow: CanShow = () => true;

  constructor({
    targetMs = 1000,
    delayMs = 5,
    stream = STREAM,
    attention = 'doubted',
    prepare = () => {},
  }: {
    targetMs?: number;
    delayMs?: number;
    stream?: Stream;
    attention?: Attention;
    /** Called before the watch sends its first request. */
    prepare?: (site: FakeSite) => void;
  } = {}) {
    this.site = new FakeSite(this.clock, targetMs, MEDIA, delayMs);
    prepare(this.site);
    this.watch = new StreamWatch(
      stream,
      {
        clock: this.clock,
        transportTo: () => this.site,
        canShow: (contentType) => this.canShow(contentType),
        random: () => 0.5,
        linkMeter: this.linkMeter,
        siteBudget: new SiteBudget(
          this.clock,
          () => 1,
          () => 0.5,
        ),
      },
      (report) => this.reports.push({ ...report, atMs: this.clock.now() }),
      attention,
    );
  }

  playerSeesMove(): void {
    this.watch.creditMove({ sequence: this.site.newestSequence(), part: null });
  }

  evidence(): { cause: string; channel: string; sinceMs: number; atMs: number }[] {
    return this.reports.flatMap((report) =>
      report.type === 'evidence' ? [{ ...report.evidence, atMs: report.atMs }] : [],
    );
  }

  proofs(channel: 'playlist' | 'media'): number[] {
    return this.reports.flatMap((report) =>
      report.type === 'proof' && report.channel === channel ? [report.atMs] : [],
    );
  }

  /** Duration of the media by which the live edge moved, ms. */
  advancedMs(): number {
    return this.reports.reduce(
      (sum, report) => sum + (report.type === 'proof' ? (report.edge?.advancedMs ?? 0) : 0),
      0,
    );
  }

  /** Most requests for playlists that began within one second. */
  mostAsksInASecond(): number {
    const times = this.site.asked.map(({ atMs }) => atMs);
    return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length));
  }
}
