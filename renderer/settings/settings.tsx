import '@fontsource-variable/inter';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/controls.css';
import '../styles/message.css';
import '../styles/settings.css';
import { type ReactNode, StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { BridgeClient } from '../bridge/bridge-client.ts';
import { hostTransport } from '../bridge/host-transport.ts';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { MessagePage } from '../ui/message-page.tsx';
import { configClient } from './config-client.ts';
import { emptyForm } from './form-from-draft.ts';
import { SettingsContext } from './settings-context.tsx';
import { createSettingsStore } from './settings-store.ts';
import { SettingsWindow } from './settings-window.tsx';

const transport = hostTransport(window);
const root = document.getElementById('root');
if (root === null) throw new Error('settings.html has no element with the id "root" to draw in.');
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary
      name="The settings"
      fallback={(error) => (
        <MessagePage
          title="The settings failed"
          words={error.message}
          action={{ label: 'Load them again', run: () => location.reload() }}
        />
      )}
    >
      <App />
    </ErrorBoundary>
  </StrictMode>,
);

function App(): ReactNode {
  const [client] = useState(() => (transport === null ? null : configClient(new BridgeClient(transport))));
  const [store] = useState(() => (client === null ? null : createSettingsStore(client, emptyForm())));
  useEffect(() => {
    if (client === null || store === null) return;
    void store.getState().load();
    return client.onChanged(() => void store.getState().hostChanged());
  }, [client, store]);
  if (store === null)
    return (
      <MessagePage
        title="This is not a Holdfast window"
        words="The page was opened outside of Holdfast, so there is no host to keep a configuration. Start Holdfast instead."
      />
    );
  return (
    <SettingsContext value={store}>
      <SettingsWindow />
    </SettingsContext>
  );
}
