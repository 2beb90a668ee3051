import { type ReactNode, useState } from 'react';
import { siteName } from './change-summary.ts';
import { usesOfSite } from './edit-form.ts';
import type { ConfigForm, SiteForm } from './form.ts';
import { ItemRow } from './item-row.tsx';
import { Question } from './modal.tsx';
import { DragHandle, MoveButtons } from './move-buttons.tsx';
import { SectionPage } from './section-page.tsx';
import { useSettings } from './settings-context.tsx';
import { SiteFields } from './site-fields.tsx';
import { useAdd } from './use-add.ts';
import { useReorder } from './use-reorder.ts';

/** The sites in their order of priority. */
export function SitesSection(): ReactNode {
  const form = useSettings((state) => state.form);
  const edit = useSettings((state) => state.edit);
  const add = useAdd();
  const [removing, setRemoving] = useState<SiteForm | null>(null);
  const [announced, setAnnounced] = useState('');
  const { sites } = form;

  const reorder = useReorder(
    sites.map(({ key }) => key),
    (key, to) => {
      edit({ kind: 'site-moved', key, to });
      const moved = sites.find((site) => site.key === key);
      if (moved !== undefined)
        setAnnounced(`${siteName(moved)} is now priority ${to + 1} of ${sites.length}`);
    },
  );
  const remove = (site: SiteForm): void => {
    if (removalWords(form, site) === null) edit({ kind: 'site-removed', key: site.key });
    else setRemoving(site);
  };

  return (
    <SectionPage
      section="sites"
      title="Sites"
      words="A tile shows its camera from the first of these sites that is alive. The order is their priority."
      add={{ label: 'Add site', run: () => add({ kind: 'site-added' }) }}
    >
      {sites.length === 0 && (
        <p className="section-empty">No site yet. Add the one that should be shown first.</p>
      )}
      <ol className="items" data-rows>
        {sites.map((site, index) => (
          <ItemRow
            key={site.key}
            section="sites"
            itemKey={site.key}
            lead={String(index + 1)}
            name={siteName(site)}
            detail={site.baseUrl.trim() === '' ? 'no address yet' : site.baseUrl}
            removeLabel={`Remove ${siteName(site)}`}
            remove={() => remove(site)}
            rowProps={reorder.rowProps(site.key)}
            handle={sites.length > 1 && <DragHandle reorder={reorder} itemKey={site.key} />}
            tools={
              sites.length > 1 && <MoveButtons reorder={reorder} itemKey={site.key} name={siteName(site)} />
            }
          >
            {() => <SiteFields site={site} cameras={form.cameras} />}
          </ItemRow>
        ))}
      </ol>
      <p className="unseen" role="status">
        {announced}
      </p>
      {removing !== null && (
        <Question
          title={`Remove ${siteName(removing)}?`}
          words={removalWords(form, removing)}
          choices={[
            {
              label: 'Remove the site',
              look: 'danger',
              run: () => {
                edit({ kind: 'site-removed', key: removing.key });
                setRemoving(null);
              },
            },
            { label: 'Keep it', run: () => setRemoving(null) },
          ]}
        />
      )}
    </SectionPage>
  );
}

/** What the removal of a site does to the cameras; `null` where no camera uses it. */
function removalWords(form: ConfigForm, site: SiteForm): string | null {
  if (form.cameras.length === 0) return null;
  const { onlyHere, ownPaths } = usesOfSite(form, site.key);
  const left = form.sites.length - 1;
  const sentences = [
    left === 1
      ? 'The cameras are left with one site: when it fails, there is nothing to change over to.'
      : `The cameras are left with ${left === 0 ? 'no site' : `${left} sites`}.`,
    ...(ownPaths > 0 ? [`Paths of their own at this site go with it: ${cameras(ownPaths)}.`] : []),
    ...(onlyHere > 0 ? [`Without a stream at any other site: ${cameras(onlyHere)}.`] : []),
    'Nothing happens to the wall before Apply.',
  ];
  return sentences.join(' ');
}

function cameras(count: number): string {
  return count === 1 ? 'one camera' : `${count} cameras`;
}
