import { Settings } from 'lucide-react';
import { ToggleGroup } from 'radix-ui';
import { type ReactNode, useEffect, useState } from 'react';
import { DEMO_FAULTS, type DemoFault, type DemoSite } from '../../shared/demo.ts';
import type { BridgeClient } from '../bridge-client.ts';

const FAULT_WORDS: Readonly<Record<DemoFault, { readonly label: string; readonly title: string }>> = {
  none: { label: 'Runs', title: 'The site serves its cameras as it should.' },
  stop: { label: 'Stop', title: 'The server is gone: connections are refused.' },
  hang: { label: 'Hang', title: 'The server accepts connections and never answers.' },
  '503': { label: '503', title: 'The server answers every request with "503 Service Unavailable".' },
  freeze: { label: 'Freeze', title: 'The server answers, but its streams stop moving.' },
};

interface Props {
  readonly sites: readonly DemoSite[];
  readonly bridge: BridgeClient;
  openSettings(): void;
}

/** Breaks and restores the demo's two sites. */
export function DemoBar({ sites: atFirst, bridge, openSettings }: Props): ReactNode {
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

  return (
    <section className="bar demo-bar" aria-label="Demo">
      {sites.map((site) => (
        <DemoSiteControl key={site.id} site={site} setFault={(fault) => setFault(site.id, fault)} />
      ))}
      {failure === null ? (
        <p className="demo-hint">Demo: break a site and watch the pictures go on.</p>
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
