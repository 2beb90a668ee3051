import type Hls from 'hls.js';
import type { HlsConfig } from 'hls.js';

/** hls.js as far as a player uses it: notes the calls, and emits the events that a test triggers. */
export class FakeHls {
  levels: object[] = [];
  url: string | null = null;
  liveSyncPosition: number | null = null;
  targetLatency: number | null = null;
  latency = 0;
  /** The calls, in order: `startLoad 12.5`. */
  readonly calls: string[] = [];
  private readonly listeners = new Map<string, ((event: string, data: unknown) => void)[]>();

  constructor(readonly config: HlsConfig) {}

  /** For a factory of players, which takes it for hls.js itself. */
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
