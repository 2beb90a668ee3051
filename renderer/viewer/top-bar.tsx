import { BellRing, Check, ChevronDown, Info, Maximize, Menu, ScrollText, Settings } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import type { View } from '../../shared/config/config.ts';
import { AlarmButton } from './alarm-button.tsx';
import { Clock } from './clock.tsx';
import { HealthStrip } from './health-strip.tsx';

interface Props {
  readonly views: readonly View[];
  readonly view: View;
  chooseView(viewId: string): void;
  enterFullscreen(): void;
  openAlarms(): void;
  openJournal(): void;
  openSettings(): void;
  openAbout(): void;
}

export function TopBar(props: Props): ReactNode {
  return (
    <header className="bar">
      <ViewName {...props} />
      <HealthStrip />
      <div className="bar-end">
        <AlarmButton openAlarms={props.openAlarms} />
        <Clock />
        <AppMenu {...props} />
      </div>
    </header>
  );
}

/** The view's name, or a menu of all views where there is more than one. */
function ViewName({ views, view, chooseView }: Props): ReactNode {
  if (views.length < 2) return <h1 className="bar-view">{view.name}</h1>;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="bar-view" aria-label={`View ${view.name}. Choose another.`}>
        {view.name}
        <ChevronDown size={14} aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="panel menu" align="start" sideOffset={4} collisionPadding={8}>
          <DropdownMenu.RadioGroup value={view.id} onValueChange={chooseView}>
            {views.map(({ id, name }) => (
              <DropdownMenu.RadioItem key={id} value={id}>
                {name}
                <DropdownMenu.ItemIndicator className="menu-key">
                  <Check size={14} aria-hidden />
                </DropdownMenu.ItemIndicator>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function AppMenu({ enterFullscreen, openAlarms, openJournal, openSettings, openAbout }: Props): ReactNode {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="icon-button" aria-label="Menu">
        <Menu size={16} aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="panel menu" align="end" sideOffset={4} collisionPadding={8}>
          <DropdownMenu.Item onSelect={enterFullscreen}>
            <Maximize size={14} aria-hidden />
            Fullscreen
            <span className="menu-key">F11</span>
          </DropdownMenu.Item>
          <DropdownMenu.Item onSelect={openAlarms}>
            <BellRing size={14} aria-hidden />
            Alarms
            <span className="menu-key">A</span>
          </DropdownMenu.Item>
          <DropdownMenu.Item onSelect={openJournal}>
            <ScrollText size={14} aria-hidden />
            Journal
          </DropdownMenu.Item>
          <DropdownMenu.Item onSelect={openSettings}>
            <Settings size={14} aria-hidden />
            Settings…
            <span className="menu-key">Ctrl+,</span>
          </DropdownMenu.Item>
          <DropdownMenu.Item onSelect={openAbout}>
            <Info size={14} aria-hidden />
            About
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
