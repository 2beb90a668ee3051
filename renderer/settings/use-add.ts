import { fieldId } from './field-of-path.ts';
import { useSettingsStore } from './settings-context.tsx';
import type { SettingsActions } from './settings-store.ts';

/** Adds an item, and puts the focus on its name. */
export function useAdd(): SettingsActions['add'] {
  const store = useSettingsStore();
  return (edit) => {
    store.getState().add(edit);
    const { section, open } = store.getState();
    const item = open[section];
    if (item === undefined) return;
    requestAnimationFrame(() => {
      const name = document.getElementById(fieldId(section, item, 'name'));
      if (name instanceof HTMLInputElement) name.select();
    });
  };
}
