import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { Session } from '../../shared/bridge.ts';
import type { View } from '../../shared/config.ts';
import type { BridgeClient } from '../bridge-client.ts';
import { useSelection } from '../stores/selection.ts';
import { useTileSummaries } from '../stores/tile-summaries.ts';
import { AboutDialog } from './about-dialog.tsx';
import { DemoBar } from './demo-bar.tsx';
import { JournalPanel } from './journal-panel.tsx';
import { MessagePage } from './message-page.tsx';
import { Notices } from './notices.tsx';
import { addressOf, type Shown, shownOf } from './shown-address.ts';
import { TopBar } from './top-bar.tsx';
import { Wall } from './wall.tsx';

interface Props {
  readonly session: Session;
  readonly bridge: BridgeClient;
}

/** The viewer: one view's pictures, and around them as little as possible. */
export function ViewerWindow({ session, bridge }: Props): ReactNode {
  const { config, source } = session;
  const [shownAtFirst] = useState(() => shownOf(location.hash));
  const [viewId, setViewId] = useState(shownAtFirst.viewId);
  const [journalOpen, setJournalOpen] = useState(false);
  const [aboutOpen, setAboutOpen] = useState(false);
  const { fullscreen, setFullscreen } = useFullscreen(bridge);
  const { settingsFailure, openSettings } = useSettingsWindow(bridge);
  useWindowKeys(fullscreen, setFullscreen, openSettings);
  usePlayingReport(bridge);

  const view = config.views.find(({ id }) => id === viewId) ?? config.views[0];
  useShownInAddress(view, shownAtFirst);
  const notices = settingsFailure === null ? session.notices : [settingsFailure, ...session.notices];
  if (view === undefined || config.cameras.length === 0)
    return (
      <MessagePage
        title={config.cameras.length === 0 ? 'No cameras yet' : 'No view yet'}
        words={
          config.cameras.length === 0
            ? 'The configuration has no camera to show. Add sites, cameras and a view in the settings.'
            : 'The configuration has cameras, but no view to show them in. Add one in the settings.'
        }
        notices={notices}
        action={{ label: 'Open settings', run: openSettings }}
      />
    );

  const chooseView = (id: string): void => {
    useSelection.getState().select(null);
    setViewId(id);
  };
  return (
    <div className="viewer">
      {!fullscreen && (
        <>
          <TopBar
            views={config.views}
            view={view}
            chooseView={chooseView}
            enterFullscreen={() => setFullscreen(true)}
            openJournal={() => setJournalOpen(true)}
            openSettings={openSettings}
            openAbout={() => setAboutOpen(true)}
          />
          {source.kind === 'demo' && (
            <DemoBar
              sites={source.sites}
              latency={source.latency}
              bridge={bridge}
              openSettings={openSettings}
            />
          )}
          <Notices notices={notices} />
        </>
      )}
      <main className="viewer-body">
        {view.cells.every((cell) => cell === null) ? (
          <div className="message">
            <p>No camera in this view yet.</p>
            <button type="button" className="button" onClick={openSettings}>
              Open settings
            </button>
          </div>
        ) : (
          <Wall key={view.id} config={config} view={view} />
        )}
        <JournalPanel open={journalOpen} bridge={bridge} names={config} close={() => setJournalOpen(false)} />
      </main>
      <AboutDialog open={aboutOpen} session={session} close={() => setAboutOpen(false)} />
    </div>
  );
}

/**
 * Keeps what is shown in the window's address, which outlives the page: after a crash, and after a restart, the same
 * pictures are back.
 */
function useShownInAddress(view: View | undefined, atFirst: Shown): void {
  const { selected, alone } = useSelection();
  const isRestored = useRef(false);
  useEffect(() => {
    if (isRestored.current) return;
    isRestored.current = true;
    const { viewId, aloneTile } = atFirst;
    if (aloneTile !== null && view?.id === viewId && (view.cells[aloneTile - 1] ?? null) !== null)
      useSelection.getState().showAlone(aloneTile);
  }, [atFirst, view]);
  const viewId = view?.id ?? null;
  const aloneTile = alone ? selected : null;
  useEffect(() => history.replaceState(null, '', addressOf({ viewId, aloneTile })), [viewId, aloneTile]);
}

/** The host owns the window: what it reports counts, not what was asked of it. */
function useFullscreen(bridge: BridgeClient): { fullscreen: boolean; setFullscreen(wanted: boolean): void } {
  const [fullscreen, setReported] = useState(false);
  useEffect(() => bridge.on('window.fullscreenChanged', (event) => setReported(event.fullscreen)), [bridge]);
  const setFullscreen = useCallback(
    (wanted: boolean): void => {
      bridge.request('window.setFullscreen', { fullscreen: wanted }).catch(console.error);
    },
    [bridge],
  );
  return { fullscreen, setFullscreen };
}

/** The settings are a window of their own, which the host opens or brings to the front. */
function useSettingsWindow(bridge: BridgeClient): { settingsFailure: string | null; openSettings(): void } {
  const [settingsFailure, setSettingsFailure] = useState<string | null>(null);
  const openSettings = useCallback((): void => {
    setSettingsFailure(null);
    bridge
      .request('settings.open', undefined)
      .catch((error: Error) => setSettingsFailure(`The settings cannot be opened. ${error.message}`));
  }, [bridge]);
  return { settingsFailure, openSettings };
}

/** These keys work wherever the focus is, unless an open panel has taken Escape for itself. */
function useWindowKeys(
  fullscreen: boolean,
  setFullscreen: (wanted: boolean) => void,
  openSettings: () => void,
): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.repeat) return;
      if (event.key === ',' && (event.ctrlKey || event.metaKey)) openSettings();
      else if (event.key === 'F11') setFullscreen(!fullscreen);
      else if (event.key === 'Escape' && useSelection.getState().alone) useSelection.getState().showAll();
      else if (event.key === 'Escape' && fullscreen) setFullscreen(false);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [fullscreen, setFullscreen, openSettings]);
}

/** Keeps the display awake while pictures move. */
function usePlayingReport(bridge: BridgeClient): void {
  const playing = useTileSummaries((state) => [...state.tiles.values()].some((tile) => tile.plays));
  useEffect(() => {
    bridge.request('power.setPlaying', { playing }).catch(console.error);
  }, [bridge, playing]);
}
