import '@fontsource-variable/inter';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/message.css';
import './styles/viewer.css';
import { type ReactNode, StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { Session } from '../shared/bridge.ts';
import type { Diagnostics } from '../shared/diagnostics.ts';
import { BridgeClient } from './bridge/bridge-client.ts';
import { hostTransport } from './bridge/host-transport.ts';
import { useSelection } from './stores/selection.ts';
import { useTileSummaries } from './stores/tile-summaries.ts';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { MessagePage } from './ui/message-page.tsx';
import { Start } from './viewer/start.tsx';
import { ViewerWindow } from './viewer/viewer-window.tsx';
import { createTileServices, TileServicesContext } from './window/tile-services.ts';

declare global {
  interface Window {
    /** What every tile measures now, for the developer tools. */
    holdfastDiagnostics?: () => Diagnostics;
  }
}

const transport = hostTransport(window);
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root" to draw in.');
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary
      name="The viewer"
      fallback={(error) => (
        <MessagePage
          title="The viewer failed"
          words={error.message}
          action={{ label: 'Load it again', run: () => location.reload() }}
        />
      )}
    >
      <App />
    </ErrorBoundary>
  </StrictMode>,
);

function App(): ReactNode {
  const [bridge] = useState(() => (transport === null ? null : new BridgeClient(transport)));
  if (bridge === null)
    return (
      <MessagePage
        title="This is not a Holdfast window"
        words="The page was opened outside of Holdfast, so there is no host to get pictures from. Start Holdfast instead."
      />
    );
  return <Start bridge={bridge}>{(session) => <Viewer session={session} bridge={bridge} />}</Start>;
}

function Viewer({ session, bridge }: { session: Session; bridge: BridgeClient }): ReactNode {
  const [services] = useState(() =>
    createTileServices({
      bridge,
      logTopics: session.log,
      tileCount: () => useTileSummaries.getState().tiles.size,
      selectedTile: () => useSelection.getState().selected,
    }),
  );
  useEffect(() => {
    window.holdfastDiagnostics = () => services.diagnostics.take();
    return () => {
      delete window.holdfastDiagnostics;
    };
  }, [services]);
  return (
    <TileServicesContext value={services}>
      <ViewerWindow session={session} bridge={bridge} />
    </TileServicesContext>
  );
}
