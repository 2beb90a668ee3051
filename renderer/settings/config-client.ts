import type { ConfigDraft } from '../../shared/config/config-draft.ts';
import type { BridgeClient } from '../bridge/bridge-client.ts';

/** The configuration as the host has it. */
export interface LoadedConfig {
  readonly draft: ConfigDraft;
  readonly revision: string;
  /** Its path on the disk. */
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

/** The settings window's requests to the host. Each rejects, in words, when the host fails. */
export interface ConfigClient {
  load(): Promise<LoadedConfig>;
  save(draft: ConfigDraft, revision: string): Promise<SaveResult>;
  startFrom(kind: 'demo' | 'own'): Promise<void>;
  /** Called after each change of the configuration, including the window's own. Returns the function that ends it. */
  onChanged(listener: () => void): () => void;
}

/** The only place that knows the names and shapes of the bridge's requests about the configuration. */
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
