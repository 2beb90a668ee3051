import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { FieldIssue, Section } from './field-of-path.ts';
import { issuesOf, type SettingsActions, type SettingsState, type SettingsStore } from './settings-store.ts';

export const SettingsContext = createContext<SettingsStore | null>(null);

/** @throws outside of a settings page */
export function useSettingsStore(): SettingsStore {
  const store = useContext(SettingsContext);
  if (store === null) throw new Error('There is no settings page around this component.');
  return store;
}

export function useSettings<T>(select: (state: SettingsState & SettingsActions) => T): T {
  return useStore(useSettingsStore(), select);
}

/** Whether the form can be edited: not in the demo, and not with a file that cannot be written. */
export function useEditable(): boolean {
  return useSettings(({ loaded }) => loaded.source === 'own' && loaded.access === 'writable');
}

/** The fault of a field; `null` when it has none. */
export function useIssue(field: string): string | null {
  return useSettings((state) => issuesOf(state).find((issue) => issue.field === field)?.message ?? null);
}

/** The number of faults in a section, or in one of its items. */
export function useIssueCount(section: Section, item?: string): number {
  return useSettings((state) => issuesOf(state).filter((issue) => isIn(issue, section, item)).length);
}

function isIn(issue: FieldIssue, section: Section, item: string | undefined): boolean {
  return issue.section === section && (item === undefined || issue.item === item);
}
