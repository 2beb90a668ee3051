import { type ReactNode, useEffect, useRef, useState } from 'react';
import { MessagePage } from '../ui/message-page.tsx';
import { Banners } from './banners.tsx';
import { CamerasSection } from './cameras-section.tsx';
import { ChangeList, DraftBar } from './draft-bar.tsx';
import type { Section } from './field-of-path.ts';
import { Question } from './modal.tsx';
import { PoliciesSection } from './policies-section.tsx';
import { SectionList } from './section-list.tsx';
import { useSettings, useSettingsStore } from './settings-context.tsx';
import { SitesSection } from './sites-section.tsx';
import { ViewsSection } from './views-section.tsx';

/** What the admin wants to leave although edits were not applied. */
type Leaving = 'nothing' | 'window' | 'own-configuration';

export function SettingsWindow(): ReactNode {
  const store = useSettingsStore();
  const loading = useSettings((state) => state.loading);
  const section = useSettings((state) => state.section);
  const changes = useSettings((state) => state.changes);
  const [leaving, setLeaving] = useState<Leaving>('nothing');
  const { load, apply, startFrom } = store.getState();
  const letGo = useKeepOpen(changes.length > 0, () => setLeaving('window'));
  useApplyKey(apply);

  if (loading.kind === 'loading') return null;
  if (loading.kind === 'failed')
    return (
      <MessagePage
        title="The configuration could not be read"
        words={loading.message}
        action={{ label: 'Try again', run: () => void load() }}
      />
    );

  const leave = (): void => {
    setLeaving('nothing');
    if (leaving === 'own-configuration') void startFrom('demo');
    else {
      letGo();
      window.close();
    }
  };
  return (
    <div className="settings">
      <Banners />
      <div className="settings-body">
        <SectionList
          showDemo={() => {
            if (changes.length > 0) setLeaving('own-configuration');
            else void startFrom('demo');
          }}
        />
        <main key={section} className="settings-page">
          <SectionOf section={section} />
        </main>
      </div>
      <DraftBar />
      {leaving !== 'nothing' && (
        <Question
          title="Leave without applying?"
          words={<ChangeList changes={changes} />}
          choices={[
            {
              label: leaving === 'window' ? 'Close without applying' : 'Discard them',
              look: 'danger',
              run: leave,
            },
            { label: 'Go on editing', run: () => setLeaving('nothing') },
          ]}
        />
      )}
    </div>
  );
}

function SectionOf({ section }: { readonly section: Section }): ReactNode {
  switch (section) {
    case 'sites':
      return <SitesSection />;
    case 'cameras':
      return <CamerasSection />;
    case 'views':
      return <ViewsSection />;
    case 'policies':
      return <PoliciesSection />;
  }
}

/**
 * Keeps the window open while it has edits, and asks in the page. (Electron only prevents the closing; a browser asks by itself
 * as well.)
 * @returns the function that lets the window close
 */
function useKeepOpen(hold: boolean, ask: () => void): () => void {
  const latest = useRef({ hold, ask });
  useEffect(() => {
    latest.current = { hold, ask };
  });
  useEffect(() => {
    const onBeforeUnload = (event: BeforeUnloadEvent): void => {
      if (!latest.current.hold) return;
      event.preventDefault();
      latest.current.ask();
    };
    window.addEventListener('beforeunload', onBeforeUnload);
    return () => window.removeEventListener('beforeunload', onBeforeUnload);
  }, []);
  return () => {
    latest.current = { hold: false, ask };
  };
}

function useApplyKey(apply: () => Promise<void>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key !== 's') return;
      event.preventDefault();
      void apply();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [apply]);
}
