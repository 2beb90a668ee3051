import { createStore, type StoreApi } from 'zustand/vanilla';
import { changesBetween } from './change-summary.ts';
import { checkForm, type FormCheck } from './check-form.ts';
import type { ConfigClient, LoadedConfig, SaveResult } from './config-client.ts';
import { afterSave, type Edit, editForm } from './edit-form.ts';
import { type FieldIssue, fieldOfPath, type Section } from './field-of-path.ts';
import type { ConfigForm } from './form.ts';
import { formFromDraft } from './form-from-draft.ts';
import { hostWords } from './issue-words.ts';

/** The result of the last Apply, until the next edit. */
export type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'saved' }
  | { readonly kind: 'failed'; readonly message: string };

/** The question that the admin has to answer. */
export type Question =
  | { readonly kind: 'none' }
  /** The configuration on the disk has changed since the draft was made from it. */
  | { readonly kind: 'conflict' };

export type Loading =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'ready' };

export interface SettingsState {
  readonly loading: Loading;
  readonly loaded: Omit<LoadedConfig, 'draft'>;
  /** The configuration as the host has it. */
  readonly base: ConfigForm;
  readonly form: ConfigForm;
  readonly check: FormCheck;
  /** Faults that only the host found in a draft; until the next edit. */
  readonly hostIssues: readonly FieldIssue[];
  readonly changes: readonly string[];
  readonly question: Question;
  readonly outcome: Outcome;
  readonly section: Section;
  /** The open item of each section. */
  readonly open: Readonly<Partial<Record<Section, string>>>;
}

export interface SettingsActions {
  load(): Promise<void>;
  edit(edit: Edit): void;
  /** Adds an item, and opens it. */
  add(edit: Extract<Edit, { kind: 'site-added' | 'camera-added' | 'view-added' }>): void;
  apply(): Promise<void>;
  revert(): void;
  /** After a conflict: keeps the draft, to be applied over the configuration on the disk. */
  keepMine(): Promise<void>;
  /** After a conflict: replaces the draft by the configuration on the disk. */
  takeTheirs(): Promise<void>;
  startFrom(kind: 'demo' | 'own'): Promise<void>;
  /** The host's configuration was changed, by this window or by another program. */
  hostChanged(): Promise<void>;
  showSection(section: Section): void;
  toggleItem(section: Section, item: string): void;
  /** Opens the section and the item of a place. */
  reveal(place: { readonly section: Section; readonly item: string | null }): void;
}

export type SettingsStore = StoreApi<SettingsState & SettingsActions>;

const SAVED: Outcome = { kind: 'saved' };
const NO_OUTCOME: Outcome = { kind: 'none' };
const NO_QUESTION: Question = { kind: 'none' };

/** @param empty the form until the first one is loaded */
export function createSettingsStore(client: ConfigClient, empty: ConfigForm): SettingsStore {
  return createStore<SettingsState & SettingsActions>((set, get) => {
    /** The state that follows from a form and its base. */
    const formState = (base: ConfigForm, form: ConfigForm) => ({
      base,
      form,
      check: checkForm(form),
      changes: changesBetween(base, form),
      hostIssues: [],
    });

    const isEditable = (): boolean => {
      const { loaded, loading, outcome } = get();
      return (
        loading.kind === 'ready' &&
        loaded.source === 'own' &&
        loaded.access === 'writable' &&
        outcome.kind !== 'saving'
      );
    };

    const fail = (error: unknown): void => {
      const message = error instanceof Error ? error.message : String(error);
      set(({ loading }) =>
        loading.kind === 'ready'
          ? { outcome: { kind: 'failed', message } }
          : { loading: { kind: 'failed', message } },
      );
    };

    const adopt = ({ draft, ...loaded }: LoadedConfig, keep: 'draft' | 'nothing'): void => {
      const base = formFromDraft(draft, get().form);
      set({
        loading: { kind: 'ready' },
        loaded,
        ...formState(base, keep === 'draft' ? get().form : base),
        question: NO_QUESTION,
        outcome: NO_OUTCOME,
      });
    };

    /** Adopts the host's configuration; a draft stays only with `keep`. */
    const takeOver = (keep: 'draft' | 'nothing'): Promise<void> =>
      client.load().then((loaded) => adopt(loaded, keep), fail);

    const settle = (result: SaveResult, saved: ConfigForm): void => {
      switch (result.kind) {
        case 'saved': {
          const base = afterSave(saved);
          set(({ loaded }) => ({
            ...formState(base, base),
            loaded: { ...loaded, revision: result.revision, notice: null },
            outcome: SAVED,
          }));
          return;
        }
        case 'conflict':
          set({ question: { kind: 'conflict' }, outcome: NO_OUTCOME });
          return;
        case 'invalid':
          set({
            outcome: NO_OUTCOME,
            hostIssues: result.issues.map(({ path, message }) => ({
              ...fieldOfPath(path, saved),
              message: hostWords(message),
            })),
          });
          return;
        case 'refused':
          set({ outcome: { kind: 'failed', message: result.message } });
      }
    };

    return {
      loading: { kind: 'loading' },
      loaded: { revision: '', path: '', source: 'own', access: 'read-only', notice: null },
      ...formState(empty, empty),
      question: NO_QUESTION,
      outcome: NO_OUTCOME,
      section: 'sites',
      open: {},

      load: async () => {
        set({ loading: { kind: 'loading' } });
        await takeOver('nothing');
      },

      edit: (edit) => {
        if (!isEditable()) return;
        set(({ base, form }) => ({ ...formState(base, editForm(form, edit)), outcome: NO_OUTCOME }));
      },

      add: (edit) => {
        get().edit(edit);
        const { form } = get();
        const [section, items] = ADDED[edit.kind](form);
        const added = items.at(-1);
        if (added !== undefined) set(({ open }) => ({ open: { ...open, [section]: added.key } }));
      },

      apply: async () => {
        const { check, form, loaded, changes, question } = get();
        if (!isEditable() || check.kind === 'invalid' || changes.length === 0) return;
        if (question.kind !== 'none') return;
        set({ outcome: { kind: 'saving' } });
        try {
          settle(await client.save(check.draft, loaded.revision), form);
        } catch (error) {
          fail(error);
        }
      },

      revert: () => {
        const { base } = get();
        set({ ...formState(base, base), outcome: NO_OUTCOME });
      },

      keepMine: () => takeOver('draft'),
      takeTheirs: () => takeOver('nothing'),

      startFrom: async (kind) => {
        try {
          await client.startFrom(kind);
          await takeOver('nothing');
        } catch (error) {
          fail(error);
        }
      },

      hostChanged: async () => {
        try {
          const now = await client.load();
          const { loaded, changes, outcome } = get();
          // A running save gets an answer of its own.
          if (outcome.kind === 'saving') return;
          if (now.revision === loaded.revision && now.source === loaded.source) {
            const { draft: _same, ...description } = now;
            set({ loaded: description });
          } else if (changes.length === 0) adopt(now, 'nothing');
          else set({ question: { kind: 'conflict' } });
        } catch (error) {
          fail(error);
        }
      },

      showSection: (section) => set({ section }),
      toggleItem: (section, item) =>
        set(({ open }) => {
          const { [section]: was, ...others } = open;
          return { open: was === item ? others : { ...others, [section]: item } };
        }),
      reveal: ({ section, item }) =>
        set(({ open }) => ({ section, open: item === null ? open : { ...open, [section]: item } })),
    };
  });
}

const ADDED = {
  'site-added': ({ sites }: ConfigForm) => ['sites', sites] as const,
  'camera-added': ({ cameras }: ConfigForm) => ['cameras', cameras] as const,
  'view-added': ({ views }: ConfigForm) => ['views', views] as const,
};

/** All faults: those that were found here, else those that the host found. */
export function issuesOf({
  check,
  hostIssues,
}: Pick<SettingsState, 'check' | 'hostIssues'>): readonly FieldIssue[] {
  return check.kind === 'invalid' ? check.issues : hostIssues;
}
