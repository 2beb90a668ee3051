import type Hls from 'hls.js';
import type { HlsConfig } from 'hls.js';

/** hls.js as far as a player asks it: keeps what it was told, and tells what a test says. */
export class FakeHls {
  levels: object[] = [];
  url: string | null = null;
  liveSyncPosition: number | null = null;
  targetLatency: number | null = null;
  latency = 0;
  /** What it was told to do, in order: `startLoad 12.5`. */
  readonly calls: string[] = [];
  private readonly listeners = new Map<string, ((event: string, data: unknown) => void)[]>();

  constructor(readonly config: HlsConfig) {}

  /** A factory of players takes it for hls.js itself. */
  asHls(): Hls {
    return this as unknown as Hls;
  }

  on(event: string, listener: (event: string, data: unknown) => void): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }

  trigger(event: string, data: unknown): void {
    for (const listener of this.listeners.get(event) ?? []) listener(event, data);
  }

  attachMedia(): void {
    this.calls.push('attachMedia');
  }

  loadSource(url: string): void {
    this.url = url;
    this.calls.push(`loadSource ${url}`);
  }

  startLoad(position: number): void {
    this.calls.push(`startLoad ${position}`);
  }

  stopLoad(): void {
    this.calls.push('stopLoad');
  }

  destroy(): void {
    this.calls.push('destroy');
  }
}
