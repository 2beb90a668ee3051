import { contextBridge, ipcRenderer } from 'electron';
import type { BridgeTransport, EventName, RequestName } from '../../shared/bridge.ts';
import type { Reply } from '../app/ipc-gate.ts';
import { EVENT_CHANNEL, REQUEST_CHANNEL } from './ipc-channels.ts';

/**
 * The names of shared/bridge.ts, without its schemas. The compiler keeps the lists equal, and the preload script, which
 * runs before each page, does not load the validator. The host checks everything again.
 */
const REQUEST_NAMES = {
  'session.get': true,
  'host.ping': true,
  'host.network': true,
  'gateway.playlist': true,
  'gateway.media': true,
  'gateway.mediaRest': true,
  'gateway.cancel': true,
  'journal.append': true,
  'journal.recent': true,
  'journal.health': true,
  'journal.export': true,
  'log.print': true,
  'alarms.list': true,
  'alarms.report': true,
  'alarms.acknowledge': true,
  'demo.setFault': true,
  'demo.setLatency': true,
  'standbys.allot': true,
  'config.get': true,
  'config.save': true,
  'config.startFrom': true,
  'settings.open': true,
  'power.setPlaying': true,
  'window.setFullscreen': true,
} as const satisfies Record<RequestName, true>;

const EVENT_NAMES = {
  'activity.changed': true,
  'config.changed': true,
  'demo.changed': true,
  'alarms.changed': true,
  'journal.healthChanged': true,
  'window.fullscreenChanged': true,
} as const satisfies Record<EventName, true>;

/**
 * The latest event of each name. Each describes a state, and the parts of the page begin to listen at different times:
 * a late listener gets the present state.
 */
const latest = new Map<unknown, unknown>();
ipcRenderer.on(EVENT_CHANNEL, (_event, name: unknown, payload: unknown) => latest.set(name, payload));

const transport: BridgeTransport = {
  async request(name, input) {
    if (!Object.hasOwn(REQUEST_NAMES, name)) throw new Error(`"${name}" is not a request of the bridge`);
    const reply: Reply = await ipcRenderer.invoke(REQUEST_CHANNEL, name, input);
    if (reply.kind === 'error') throw new Error(reply.message);
    return reply.value;
  },
  on(name, listener) {
    if (!Object.hasOwn(EVENT_NAMES, name)) throw new Error(`"${name}" is not an event of the bridge`);
    // The listener never gets Electron's event object, whose `sender` would be a way around this list.
    const forward = (_event: unknown, sentName: unknown, payload: unknown): void => {
      if (sentName === name) listener(payload);
    };
    ipcRenderer.on(EVENT_CHANNEL, forward);
    if (latest.has(name)) listener(latest.get(name));
    return () => {
      ipcRenderer.off(EVENT_CHANNEL, forward);
    };
  },
};

contextBridge.exposeInMainWorld('holdfast', transport);
