import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LoadingContents, loadPage, type PageLoad } from './page-load.ts';

const ADDRESS = 'app://holdfast/';

/** A window's contents, with events as Electron 33 sends them. */
class FakeContents extends EventEmitter {
  loading = false;
  destroyed = false;
  private first: PromiseWithResolvers<void> | null = null;

  loadURL(): Promise<void> {
    this.first = Promise.withResolvers();
    this.begin();
    return this.first.promise;
  }

  isLoading(): boolean {
    return this.loading;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  /** A navigation begins, and aborts the one in progress. */
  begin(): void {
    const aborted = this.loading;
    this.loading = true;
    this.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    if (aborted) this.first?.reject(new Error('ERR_ABORTED (-3)'));
  }

  finish(): void {
    this.emit('did-finish-load');
    this.first?.resolve();
    this.stop();
  }

  /** The page is replaced by an error page, which has loaded. */
  fail(): void {
    this.emit('did-fail-load', {}, -2, 'ERR_FAILED', ADDRESS, true);
    this.emit('did-finish-load');
    this.first?.reject(new Error('ERR_FAILED (-2)'));
    this.stop();
  }

  stop(): void {
    this.loading = false;
    this.emit('did-stop-loading');
  }

  crash(): void {
    this.first?.reject(new Error('ERR_FAILED (-2)'));
    this.stop();
    setTimeout(() => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }), 500);
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('destroyed');
    this.first?.reject(new Error('ERR_FAILED (-2)'));
  }
}

let contents: FakeContents;
let outcome: PageLoad | Error | 'open';
beforeEach(() => {
  vi.useFakeTimers();
  contents = new FakeContents();
  outcome = 'open';
  loadPage(contents as unknown as LoadingContents, ADDRESS).then(
    (load) => {
      outcome = load;
    },
    (error: Error) => {
      outcome = error;
    },
  );
});
afterEach(() => {
  expect(contents.eventNames()).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('a page', () => {
  it('that loads has loaded', async () => {
    contents.finish();
    await pass(0);
    expect(outcome).toBe('loaded');
  });

  it('that is reloaded meanwhile, any number of times, has loaded in the end', async () => {
    contents.begin();
    await pass(3000);
    contents.begin();
    await pass(3000);
    expect(outcome).toBe('open');
    contents.finish();
    await pass(0);
    expect(outcome).toBe('loaded');
  });

  it('whose load was aborted and is followed by another one within a second has loaded', async () => {
    contents.fail();
    await pass(900);
    contents.begin();
    await pass(3000);
    contents.finish();
    await pass(0);
    expect(outcome).toBe('loaded');
  });

  it.each(['at once', 'when it is reloaded'])('that cannot be loaded, %s, says why', async (when) => {
    if (when !== 'at once') contents.begin();
    contents.fail();
    await pass(999);
    expect(outcome).toBe('open');
    await pass(1);
    expect(outcome).toEqual(new Error(`ERR_FAILED (-2) loading '${ADDRESS}'`));
  });

  it('whose process crashes meanwhile has crashed', async () => {
    contents.crash();
    await pass(500);
    expect(outcome).toBe('crashed');
  });

  it('whose window is closed meanwhile is no failure', async () => {
    contents.destroy();
    await pass(0);
    expect(outcome).toBe('closed');
  });

  it('whose window is closed after its load was aborted is no failure either', async () => {
    contents.begin();
    await pass(10);
    contents.destroy();
    await pass(0);
    expect(outcome).toBe('closed');
  });
});
