import { cleanup, configure, type RenderResult, render } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import type { ReactElement } from 'react';
import { onTestFinished } from 'vitest';

// No styles are loaded that could hide anything, and to look for them takes most of a test's time.
configure({ defaultHidden: true });

/** What a test sees of a component, and the user who works with it. Queries look at the whole page, dialogs included. */
export interface Drawn extends RenderResult {
  readonly user: UserEvent;
}

/** Draws a component for the rest of the running test. */
export function draw(component: ReactElement): Drawn {
  onTestFinished(cleanup);
  return { user: userEvent.setup({ delay: null }), ...render(component) };
}
