import { Settings } from 'lucide-react';
import { ToggleGroup } from 'radix-ui';
import { type ReactNode, useEffect, useState } from 'react';
import {
  DEMO_FAULTS,
  DEMO_LATENCIES,
  type DemoFault,
  type DemoLatency,
  type DemoSite,
} from '../../shared/demo.ts';
import type { BridgeClient } from '../bridge/bridge-client.ts';

const FAULT_WORDS: Readonly<Record<DemoFault, { readonly label: string; readonly title: string }>> = {
  none: { label: 'Runs', title: 'The site serves its cameras as it should.' },
  stop: { label: 'Stop', title: 'The server is gone: connections are refused.' },
  hang: { label: 'Hang', title: 'The server accepts connections and never answers.' },
  '503': { label: '503', title: 'The server answers every request with "503 Service Unavailable".' },
  freeze: { label: 'Freeze', title: 'The server answers, but its streams stop moving.' },
};

const LATENCY_WORDS: Readonly<Record<DemoLatency, { readonly label: string; readonly title: string }>> = {
  plain: {
    label: 'Plain HLS',
    title: 'Both sites stream segments of one second: the pictures are a few seconds old.',
  },
  low: {
    label: 'Low latency',
    title:
      'Both sites stream Low-Latency HLS in parts of a third of a second: the pictures are about a second old.',
  },
};

interface Props {
  readonly sites: readonly DemoSite[];
  readonly latency: DemoLatency;
  readonly bridge: BridgeClient;
  openSettings(): void;
}

/** Makes the demo's two sites fail and recover, and chooses how they stream. */
export function DemoBar({ sites: atFirst, latency, bridge, openSettings }: Props): ReactNode {
  const [sites, setSites] = useState(atFirst);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => bridge.on('demo.changed', setSites), [bridge]);

  const setFault = (siteId: string, fault: DemoFault): void => {
    bridge.request('demo.setFault', { siteId, fault }).then(
      (changed) => {
        setSites(changed);
        setFailure(null);
      },
      (error: Error) => setFailure(error.message),
    );
  };

  // The chosen value comes back with the session, once the configuration has followed.
  const setLatency = (wanted: DemoLatency): void => {
    bridge.request('demo.setLatency', { latency: wanted }).then(
      () => setFailure(null),
      (error: Error) => setFailure(error.message),
    );
  };

  return (
    <section className="bar demo-bar" aria-label="Demo">
      {sites.map((site) => (
        <DemoSiteControl key={site.id} site={site} setFault={(fault) => setFault(site.id, fault)} />
      ))}
      <ToggleGroup.Root type="single" className="segments" value={latency} aria-label="Latency">
        {DEMO_LATENCIES.map((choice) => (
          <ToggleGroup.Item
            key={choice}
            value={choice}
            data-latency={choice}
            title={LATENCY_WORDS[choice].title}
            onClick={() => setLatency(choice)}
          >
            {LATENCY_WORDS[choice].label}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
      {failure === null ? (
        <p className="demo-hint">Demo: break a site and watch the pictures continue.</p>
      ) : (
        <p className="demo-hint" role="alert" title={failure}>
          {failure}
        </p>
      )}
      <button
        type="button"
        className="button demo-settings"
        title="The demo’s settings, and the way to your own sites"
        onClick={openSettings}
      >
        <Settings size={14} aria-hidden />
        Settings
      </button>
    </section>
  );
}

function DemoSiteControl({
  site,
  setFault,
}: {
  site: DemoSite;
  setFault(fault: DemoFault): void;
}): ReactNode {
  return (
    <div className="demo-site" data-demo-site={site.id}>
      <h2>{site.name}</h2>
      <ToggleGroup.Root
        type="single"
        className="segments"
        value={site.fault}
        aria-label={`Site ${site.name}`}
      >
        {DEMO_FAULTS.map((fault) => (
          <ToggleGroup.Item
            key={fault}
            value={fault}
            data-fault={fault}
            title={FAULT_WORDS[fault].title}
            onClick={() => setFault(fault)}
          >
            {FAULT_WORDS[fault].label}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
    </div>
  );
}
