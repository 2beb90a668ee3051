import '@fontsource-variable/inter';
import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/controls.css';
import '../../styles/viewer.css';
import '../../styles/settings.css';
import './page.css';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { CameraFields } from '../../settings/camera-fields.tsx';
import { CredentialsFields } from '../../settings/credentials-fields.tsx';
import { PoliciesSection } from '../../settings/policies-section.tsx';
import { SettingsContext, useSettings } from '../../settings/settings-context.tsx';
import { SiteFields } from '../../settings/site-fields.tsx';
import { useAlarms } from '../../stores/alarms.ts';
import { DrawnTile } from '../../tile/tile.tsx';
import { sampleSettings, wrongSettings } from './sample-settings.ts';
import { ALARMS, CONFIG, FIRST_SITE, SAMPLE_TILES, type SampleTile } from './sample-tiles.ts';
import { drawScene } from './scene.ts';

/** How many tiles a wall has side by side. */
const WALLS = [3, 5, 8] as const;

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root" to draw in.');
const [right, wrong] = await Promise.all([sampleSettings(), wrongSettings()]);
useAlarms.getState().take(ALARMS);
createRoot(root).render(<Page />);

/** Every state of a tile and every field of the settings, as the application draws them. */
function Page(): ReactNode {
  return (
    <>
      <main className="samples" id="tiles">
        {WALLS.map((columns, wall) => (
          <section key={columns}>
            <h2 className="samples-title">{columns} tiles side by side</h2>
            <div className="samples-tiles" data-columns={columns}>
              {SAMPLE_TILES.map((sample, index) => (
                <Sample
                  key={sample.camera.id}
                  sample={sample}
                  tile={wall * SAMPLE_TILES.length + index + 1}
                />
              ))}
            </div>
          </section>
        ))}
      </main>
      <main className="samples samples-forms" id="settings">
        {[right, wrong].map((store, column) => (
          <SettingsContext key={store === right ? 'right' : 'wrong'} value={store}>
            <Fields title={column === 0 ? 'Settings as they should be' : 'Settings with faults'} />
          </SettingsContext>
        ))}
      </main>
    </>
  );
}

function Sample({ sample, tile }: { readonly sample: SampleTile; readonly tile: number }): ReactNode {
  const { title, camera, snapshot } = sample;
  return (
    <figure className="samples-tile">
      <div className="wall-cell">
        <DrawnTile
          config={CONFIG}
          camera={camera}
          tile={tile}
          firstSite={FIRST_SITE}
          selected={camera.id === 'single'}
          inTabOrder
          select={() => {}}
          toggleAlone={() => {}}
          snapshot={snapshot}
          stageRef={(stage) => {
            if (stage === null || !snapshot.hasPicture) return;
            const scene = drawScene(snapshot.pictureFault === 'black' ? 'black' : 'yard');
            stage.append(scene);
            return () => scene.remove();
          }}
          returnToPreferred={() => {}}
        />
      </div>
      <figcaption>{title}</figcaption>
    </figure>
  );
}

function Fields({ title }: { readonly title: string }): ReactNode {
  const { sites, cameras } = useSettings(({ form }) => form);
  const [first, ...others] = sites;
  const [camera] = cameras;
  if (first === undefined || camera === undefined)
    throw new Error('the sample settings have no site or no camera');
  return (
    // A form of its own: radio buttons of the other column have the same name.
    <form className="form">
      <h2 className="samples-title">{title}</h2>
      <SiteFields site={first} cameras={cameras} />
      {others.map((site) => (
        <CredentialsFields
          key={site.key}
          siteKey={site.key}
          siteAddress={site.baseUrl}
          credentials={site.credentials}
          change={() => {}}
        />
      ))}
      <CameraFields camera={camera} sites={sites.slice(0, 2)} />
      <PoliciesSection />
    </form>
  );
}
