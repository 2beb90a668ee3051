import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { Alarm } from '../../shared/alarms/alarm.ts';
import type { Session } from '../../shared/bridge.ts';
import type { View } from '../../shared/config/config.ts';
import type { BridgeClient } from '../bridge/bridge-client.ts';
import { useAlarms } from '../stores/alarms.ts';
import { useSelection } from '../stores/selection.ts';
import { useTileSummaries } from '../stores/tile-summaries.ts';
import { MessagePage } from '../ui/message-page.tsx';
import { Notices, StandingNotice } from '../ui/notices.tsx';
import { AboutDialog } from './about-dialog.tsx';
import { AlarmPanel } from './alarm-panel.tsx';
import { DemoBar } from './demo-bar.tsx';
import { journalHealthWords } from './journal-health-words.ts';
import { JournalPanel } from './journal-panel.tsx';
import { placeOfCamera } from './place-of-camera.ts';
import { addressOf, type Shown, shownOf } from './shown-address.ts';
import { TopBar } from './top-bar.tsx';
import { useAlarmFeed } from './use-alarm-feed.ts';
import { useJournalHealth } from './use-journal-health.ts';
import { Wall } from './wall.tsx';

interface Props {
  readonly session: Session;
  readonly bridge: BridgeClient;
}

/** The viewer: the pictures of one view, with as little around them as possible. */
export function ViewerWindow({ session, bridge }: Props): ReactNode {
  const { config, source } = session;
  const [shownAtFirst] = useState(() => shownOf(location.hash));
  const [viewId, setViewId] = useState(shownAtFirst.viewId);
  /** One sheet at a time: all have the same place. */
  const [sheet, setSheet] = useState<'none' | 'alarms' | 'journal'>('none');
  const [aboutOpen, setAboutOpen] = useState(false);
  const { fullscreen, setFullscreen } = useFullscreen(bridge);
  const { settingsFailure, openSettings } = useSettingsWindow(bridge);
  const { failure: alarmFailure, acknowledge } = useAlarmFeed(bridge);
  const journalHealth = useJournalHealth(bridge);
  usePlayingReport(bridge);

  const view = config.views.find(({ id }) => id === viewId) ?? config.views[0];
  useShownInAddress(view, shownAtFirst);
  useWindowKeys({
    fullscreen,
    setFullscreen,
    openSettings,
    toggleAlarms: () => setSheet(sheet === 'alarms' ? 'none' : 'alarms'),
    acknowledgeSelected: () => {
      const { selected } = useSelection.getState();
      const cameraId = selected === null ? null : (view?.cells[selected - 1] ?? null);
      if (cameraId !== null) acknowledge(useAlarms.getState().unacknowledged.get(cameraId) ?? []);
    },
  });
  const healthWords = journalHealthWords(journalHealth);
  const notices = [
    ...(settingsFailure === null ? [] : [settingsFailure]),
    ...(healthWords !== null && journalHealth.kind === 'writing' ? [healthWords] : []),
    ...session.notices,
  ];
  if (session.problem !== null)
    return (
      <MessagePage title="The configuration cannot be opened yet" words={session.problem} notices={notices} />
    );
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
  const showAlarm = ({ place }: Alarm): void => {
    const found = place === null ? null : placeOfCamera(config.views, view, place.camera);
    if (found === null) return;
    if (found.viewId !== view.id) chooseView(found.viewId);
    useSelection.getState().select(found.tile);
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
            openAlarms={() => setSheet('alarms')}
            openJournal={() => setSheet('journal')}
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
          {journalHealth.kind === 'failing' && healthWords !== null && <StandingNotice words={healthWords} />}
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
        <JournalPanel
          open={sheet === 'journal'}
          bridge={bridge}
          names={config}
          close={() => setSheet('none')}
        />
        <AlarmPanel
          open={sheet === 'alarms'}
          names={config}
          failure={alarmFailure}
          acknowledge={acknowledge}
          show={showAlarm}
          close={() => setSheet('none')}
        />
      </main>
      <AboutDialog open={aboutOpen} session={session} close={() => setAboutOpen(false)} />
    </div>
  );
}

/** Keeps what is shown in the window's address, which outlives the page: it is restored after a crash or a restart. */
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

/** The host owns the window: its reports count, not the requests to it. */
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

/** The settings have a window of their own, which the host opens or brings to the front. */
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

interface KeyActions {
  readonly fullscreen: boolean;
  setFullscreen(wanted: boolean): void;
  openSettings(): void;
  toggleAlarms(): void;
  acknowledgeSelected(): void;
}

/** These keys work wherever the focus is, unless an open panel uses Escape itself. */
function useWindowKeys(actions: KeyActions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.repeat) return;
      const { fullscreen, setFullscreen, openSettings, toggleAlarms, acknowledgeSelected } = latest.current;
      const letter = isPlainLetter(event) ? event.key.toLowerCase() : null;
      if (event.key === ',' && (event.ctrlKey || event.metaKey)) openSettings();
      else if (event.key === 'F11') setFullscreen(!fullscreen);
      else if (event.key === 'Escape' && useSelection.getState().alone) useSelection.getState().showAll();
      else if (event.key === 'Escape' && fullscreen) setFullscreen(false);
      else if (letter === 'a') toggleAlarms();
      else if (letter === 'k') acknowledgeSelected();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** Whether a key is a letter that is no shortcut, and is not typed into a field or a list. */
function isPlainLetter({ target, key, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean {
  if (key.length !== 1 || ctrlKey || altKey || metaKey) return false;
  return !(target instanceof Element) || target.closest('input, select, textarea, [role="menu"]') === null;
}

/** Keeps the display awake while pictures move. */
function usePlayingReport(bridge: BridgeClient): void {
  const playing = useTileSummaries((state) => [...state.tiles.values()].some((tile) => tile.plays));
  useEffect(() => {
    bridge.request('power.setPlaying', { playing }).catch(console.error);
  }, [bridge, playing]);
}
