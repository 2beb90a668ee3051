import type { ConfigDraft } from '../../shared/config/config-draft.ts';
import type { BridgeClient } from '../bridge/bridge-client.ts';

/** The configuration as the host has it. */
export interface LoadedConfig {
  readonly draft: ConfigDraft;
  readonly revision: string;
  /** Where it is on the disk. */
  readonly path: string;
  readonly source: 'demo' | 'own';
  readonly access: 'writable' | 'read-only';
  /** What happened to the file, in words; `null` when nothing did. */
  readonly notice: string | null;
}

export type SaveResult =
  | { readonly kind: 'saved'; readonly revision: string }
  | { readonly kind: 'conflict' }
  | {
      readonly kind: 'invalid';
      readonly issues: readonly { readonly path: readonly (string | number)[]; readonly message: string }[];
    }
  | { readonly kind: 'refused'; readonly message: string };

/** What the settings window asks of the host. Every request rejects, in words, when the host fails. */
export interface ConfigClient {
  load(): Promise<LoadedConfig>;
  save(draft: ConfigDraft, revision: string): Promise<SaveResult>;
  startFrom(kind: 'demo' | 'own'): Promise<void>;
  /** Told after each change of the configuration, the window's own included. Returns the end of it. */
  onChanged(listener: () => void): () => void;
}

/** The one place that knows the names and shapes of the bridge's requests about the configuration. */
export function configClient(bridge: BridgeClient): ConfigClient {
  return {
    load: async () => {
      const [{ config: draft, revision, path, access, notice }, session] = await Promise.all([
        bridge.request('config.get', undefined),
        bridge.request('session.get', undefined),
      ]);
      const source = session.source.kind === 'demo' ? 'demo' : 'own';
      return { draft, revision, path, source, access, notice };
    },
    save: (draft, revision) => bridge.request('config.save', { draft, revision }),
    startFrom: async (kind) => {
      await bridge.request('config.startFrom', { kind });
    },
    onChanged: (listener) => bridge.on('config.changed', listener),
  };
}
