/** The part of an `AbortSignal` that the drivers and the transport use. */
class SimulatedSignal {
  aborted = false;
  private listeners: (() => void)[] = [];

  addEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const index = this.listeners.indexOf(listener);
    if (index >= 0) this.listeners.splice(index, 1);
  }

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    for (const listener of this.listeners.splice(0)) listener();
  }
}

/** Replaces the platform's own, whose events would cost a simulation more than the selectors do. */
export class SimulatedAbortController {
  readonly signal = new SimulatedSignal();

  abort(): void {
    this.signal.abort();
  }
}
