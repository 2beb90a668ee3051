import type { Clock } from '../../shared/clock.ts';
import type { DemoFault, DemoSite } from '../../shared/demo.ts';
import type { DemoSiteAddress, FromDemo, ToDemo } from '../demo/demo-protocol.ts';
import { systemClock } from '../host/system-clock.ts';
import { PAGE_PACE, RestartBackoff } from './restart-backoff.ts';

/** The part of a started demo process that the supervisor uses. */
export interface DemoChild {
  send(message: ToDemo): void;
  onMessage(listener: (message: FromDemo) => void): void;
  onExit(listener: (exitCode: number) => void): void;
  kill(): void;
}

export interface DemoSupervisorOptions {
  readonly fork: () => DemoChild;
  /** Called at each start, also after a crash: the sites may have new addresses. */
  readonly onReady: (sites: readonly DemoSiteAddress[]) => void;
  /** Called when the fault of a site has changed. */
  readonly onChanged: (sites: DemoSite[]) => void;
  /** Called with a message when the demo keeps dying; it is started again after a wait. */
  readonly onDown: (reason: string) => void;
  readonly log: (message: string) => void;
  readonly clock?: Clock;
}

interface PendingFault {
  readonly siteId: string;
  readonly fault: DemoFault;
  readonly settle: (outcome: DemoSite[] | Error) => void;
}

/**
 * Runs the embedded demo sites in a process of their own and restarts it whenever it dies. A restarted demo has no
 * faults.
 */
export class DemoSupervisor {
  private readonly options: DemoSupervisorOptions;
  private readonly clock: Clock;
  private readonly backoff: RestartBackoff;
  private cancelStart: (() => void) | null = null;
  private child: DemoChild | null = null;
  private currentSites: DemoSite[] = [];
  private pending: PendingFault[] = [];
  private lastWords: string | null = null;

  constructor(options: DemoSupervisorOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
    this.backoff = new RestartBackoff(PAGE_PACE, () => this.clock.now());
  }

  /** The sites and their faults; empty until the demo is ready. */
  get sites(): DemoSite[] {
    return this.currentSites;
  }

  start(): void {
    const child = this.options.fork();
    this.child = child;
    child.onMessage((message) => {
      if (this.child === child) this.receive(message);
    });
    child.onExit((exitCode) => {
      if (this.child === child) this.died(exitCode);
    });
  }

  /**
   * Sets a fault at a site.
   * @returns all sites, once the demo has confirmed it
   * @throws (as a rejection) when there is no such site, the demo does not run, or it dies meanwhile
   */
  setFault(siteId: string, fault: DemoFault): Promise<DemoSite[]> {
    const child = this.child;
    if (child === null) return Promise.reject(new Error('the demo sites do not run'));
    if (!this.currentSites.some((site) => site.id === siteId))
      return Promise.reject(new Error(`the demo has no site "${siteId}"`));
    return new Promise((resolve, reject) => {
      this.pending.push({
        siteId,
        fault,
        settle: (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)),
      });
      child.send({ type: 'set-fault', siteId, fault });
    });
  }

  /** Ends the demo for good. */
  dispose(): void {
    const child = this.child;
    this.child = null;
    this.cancelStart?.();
    this.failPending('the demo was ended');
    child?.kill();
  }

  private receive(message: FromDemo): void {
    switch (message.type) {
      case 'ready':
        this.currentSites = message.sites.map(({ id, name }) => ({ id, name, fault: 'none' }));
        this.options.onReady(message.sites);
        this.options.onChanged(this.currentSites);
        break;
      case 'fault-set': {
        const { siteId, fault } = message;
        this.currentSites = this.currentSites.map((site) => (site.id === siteId ? { ...site, fault } : site));
        this.options.onChanged(this.currentSites);
        const done = this.pending.find((pending) => pending.siteId === siteId && pending.fault === fault);
        this.pending = this.pending.filter((pending) => pending !== done);
        done?.settle(this.currentSites);
        break;
      }
      case 'failed':
        this.lastWords = message.reason;
        this.options.log(`the demo sites: ${message.reason}`);
        break;
    }
  }

  private died(exitCode: number): void {
    this.child = null;
    this.failPending('the demo sites ended');
    const why = this.lastWords ?? `exit code ${exitCode}`;
    this.lastWords = null;
    const waitMs = this.backoff.ended();
    if (waitMs === 0) {
      this.options.log(`the demo sites ended (${why}); starting them again`);
      this.start();
      return;
    }
    this.currentSites = [];
    this.cancelStart = this.clock.after(waitMs, () => this.start());
    this.options.onDown(
      `The demo sites ended ${this.backoff.endsInARow} times in a row (${why}). They are started again in ${waitMs / 1000} s.`,
    );
  }

  private failPending(reason: string): void {
    for (const pending of this.pending.splice(0)) pending.settle(new Error(reason));
  }
}
