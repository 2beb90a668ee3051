import { LayoutGrid } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { CameraPicker } from './camera-picker.tsx';
import { viewName } from './change-summary.ts';
import { camerasOutside } from './edit-form.ts';
import { Field, Select, TextField } from './field.tsx';
import { fieldId } from './field-of-path.ts';
import { type CameraForm, cellsOf, LARGEST_SIDE, type ViewForm } from './form.ts';
import { ItemRow } from './item-row.tsx';
import { SectionPage } from './section-page.tsx';
import { useEditable, useSettings } from './settings-context.tsx';
import { useAdd } from './use-add.ts';

const SIDES = Array.from({ length: LARGEST_SIDE }, (_, index) => {
  const side = String(index + 1);
  return [side, side] as const;
});

export function ViewsSection(): ReactNode {
  const views = useSettings(({ form }) => form.views);
  const cameras = useSettings(({ form }) => form.cameras);
  const edit = useSettings((state) => state.edit);
  const add = useAdd();
  return (
    <SectionPage
      section="views"
      title="Views"
      words="A view is a grid of tiles. The viewer opens with the first one."
      add={{ label: 'Add view', run: () => add({ kind: 'view-added' }) }}
    >
      {views.length === 0 && (
        <p className="section-empty">No view yet. Add one, and fill it with the cameras.</p>
      )}
      <ul className="items">
        {views.map((view, index) => (
          <ItemRow
            key={view.key}
            section="views"
            itemKey={view.key}
            lead={String(index + 1)}
            name={view.name.trim() === '' ? 'view without a name' : view.name}
            detail={`${view.columns} × ${view.rows}, ${camerasWords(cellsOf(view).filter((cell) => view.cells[cell] !== null).length)}`}
            removeLabel={`Remove ${viewName(view)}`}
            remove={() => edit({ kind: 'view-removed', key: view.key })}
          >
            {() => <ViewFields view={view} cameras={cameras} />}
          </ItemRow>
        ))}
      </ul>
    </SectionPage>
  );
}

function ViewFields({
  view,
  cameras,
}: {
  readonly view: ViewForm;
  readonly cameras: readonly CameraForm[];
}): ReactNode {
  const edit = useSettings((state) => state.edit);
  const editable = useEditable();
  const [picking, setPicking] = useState<number | null>(null);
  const id = (name: string): string => fieldId('views', view.key, name);
  const change = (changed: Partial<Pick<ViewForm, 'name' | 'columns' | 'rows'>>): void =>
    edit({ kind: 'view-edited', key: view.key, change: changed });
  const outside = camerasOutside(view);
  const tooMany = cameras.length - LARGEST_SIDE ** 2;
  return (
    <>
      <TextField field={id('name')} label="Name" value={view.name} onChange={(name) => change({ name })} />
      <div className="form-row">
        <Field field={id('columns')} label="Columns">
          {(described) => (
            <Select
              {...described}
              value={String(view.columns)}
              options={SIDES}
              onChange={(side) => change({ columns: Number(side) })}
            />
          )}
        </Field>
        <Field field={id('rows')} label="Rows">
          {(described) => (
            <Select
              {...described}
              value={String(view.rows)}
              options={SIDES}
              onChange={(side) => change({ rows: Number(side) })}
            />
          )}
        </Field>
        {editable && cameras.length > 0 && (
          <button
            type="button"
            className="button"
            title={tooMany > 0 ? `The first ${LARGEST_SIDE ** 2} of ${cameras.length} fit` : undefined}
            onClick={() => edit({ kind: 'view-filled', key: view.key })}
          >
            <LayoutGrid size={16} aria-hidden />
            {tooMany > 0 ? `Fill with the first ${LARGEST_SIDE ** 2} cameras` : 'Fill with all cameras'}
          </button>
        )}
      </div>
      {outside > 0 && (
        <p className="form-hint">
          Outside of the grid, and gone with Apply: {camerasWords(outside)}. A larger grid has them again.
        </p>
      )}
      <div
        className="cells"
        id={id('cells')}
        tabIndex={-1}
        style={{ gridTemplateColumns: `repeat(${view.columns}, minmax(0, 180px))` }}
      >
        {cellsOf(view).map((cell, index) => {
          const camera = cameras.find(({ key }) => key === view.cells[cell]);
          const where = `row ${Math.floor(index / view.columns) + 1}, column ${(index % view.columns) + 1}`;
          return (
            <button
              key={cell}
              type="button"
              className="cell"
              data-empty={camera === undefined ? '' : undefined}
              disabled={!editable}
              aria-label={`${where}: ${camera === undefined ? 'empty' : `${camera.number} ${camera.name}`}`}
              title={camera === undefined ? undefined : `${camera.number} ${camera.name}`}
              onClick={() => setPicking(cell)}
            >
              {camera === undefined ? (
                'Empty'
              ) : (
                <>
                  <span className="figures">{camera.number}</span>
                  <span>{camera.name}</span>
                </>
              )}
            </button>
          );
        })}
      </div>
      {picking !== null && (
        <CameraPicker
          cameras={cameras}
          view={view}
          chosen={view.cells[picking] ?? null}
          choose={(cameraKey) => {
            edit({ kind: 'view-cell-edited', key: view.key, cell: picking, cameraKey });
            setPicking(null);
          }}
          close={() => setPicking(null)}
        />
      )}
    </>
  );
}

function camerasWords(count: number): string {
  if (count === 0) return 'no camera';
  return count === 1 ? 'one camera' : `${count} cameras`;
}
