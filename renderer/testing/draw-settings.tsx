import type { ReactElement } from 'react';
import type { LoadedConfig } from '../settings/config-client.ts';
import { emptyForm } from '../settings/form-from-draft.ts';
import { SettingsContext } from '../settings/settings-context.tsx';
import { createSettingsStore, type SettingsStore } from '../settings/settings-store.ts';
import { type Drawn, draw } from './draw.ts';
import { FakeConfigHost } from './fake-config-host.ts';

/** Draws a part of the settings window over a host in memory. */
export async function drawSettings(
  part: ReactElement,
  loaded: Partial<LoadedConfig> = {},
): Promise<Drawn & { readonly host: FakeConfigHost; readonly store: SettingsStore }> {
  const host = new FakeConfigHost();
  host.now = { ...host.now, ...loaded };
  const store = createSettingsStore(host, emptyForm());
  await store.getState().load();
  return { host, store, ...draw(<SettingsContext value={store}>{part}</SettingsContext>) };
}
