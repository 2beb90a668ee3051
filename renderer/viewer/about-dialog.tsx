import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type ReactNode, useContext } from 'react';
import type { Session } from '../../shared/bridge.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { TileServicesContext } from '../window/tile-services.ts';

const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['Arrow keys', 'select a tile'],
  ['Enter', 'show the selected tile alone, and back'],
  ['A', 'alarms'],
  ['K', 'acknowledge the alarms of the selected tile'],
  ['F11', 'fullscreen'],
  ['Ctrl+,', 'settings'],
  ['Escape', 'back'],
];

interface Props {
  readonly open: boolean;
  readonly session: Session;
  close(): void;
}

export function AboutDialog({ open, session, close }: Props): ReactNode {
  const { source } = session;
  const services = useContext(TileServicesContext);
  return (
    <Dialog.Root modal={false} open={open} onOpenChange={(next) => next || close()}>
      <Dialog.Portal>
        <Dialog.Content className="panel about" aria-describedby={undefined}>
          <div className="panel-head">
            <Dialog.Title className="panel-title">Holdfast {session.version}</Dialog.Title>
            <Dialog.Close className="icon-button" aria-label="Close">
              <X size={16} aria-hidden />
            </Dialog.Close>
          </div>
          <dl className="facts selectable">
            <dt>Configuration</dt>
            <dd>{source.kind === 'demo' ? 'the demo with two embedded sites' : source.path}</dd>
            <dt>Journal</dt>
            <dd>{session.journalPath}</dd>
          </dl>
          <h3 className="about-keys">Keys</h3>
          <dl className="facts">
            {KEYS.map(([keys, what]) => (
              <Key key={keys} keys={keys} what={what} />
            ))}
          </dl>
          {services !== null && (
            <div className="details-actions">
              <CopyButton
                label="Copy diagnostics"
                text={() => {
                  const measured = services.diagnostics.take();
                  const lastMinute = services.log.lastMinute();
                  return JSON.stringify({ version: session.version, ...measured, lastMinute }, null, 2);
                }}
              />
            </div>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Key({ keys, what }: { keys: string; what: string }): ReactNode {
  return (
    <>
      <dt>{keys}</dt>
      <dd>{what}</dd>
    </>
  );
}
