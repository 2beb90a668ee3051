import { type ReactNode, useEffect, useState } from 'react';
import type { Session } from '../../shared/bridge.ts';
import type { BridgeClient } from '../bridge/bridge-client.ts';
import { MessagePage } from '../ui/message-page.tsx';

/** The operator gets a message when the host takes longer than this with the session, ms. */
const PATIENCE_MS = 10_000;

type Loading =
  | { readonly kind: 'asking' }
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'failed'; readonly words: string }
  | { readonly kind: 'ready'; readonly session: Session };

interface Props {
  readonly bridge: BridgeClient;
  /** Rendered once the session is there. */
  readonly children: (session: Session) => ReactNode;
}

/**
 * Requests the session from the host, and again whenever the configuration has changed: the page below stays, and gets the new
 * session. A late answer is still used.
 */
export function Start({ bridge, children }: Props): ReactNode {
  const [loading, setLoading] = useState<Loading>({ kind: 'asking' });
  const [attempt, setAttempt] = useState(1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another question
  useEffect(() => {
    let outdated = false;
    const settle = (next: Loading): void => {
      window.clearTimeout(timer);
      if (!outdated) setLoading(next);
    };
    const timer = window.setTimeout(() => setLoading({ kind: 'no-answer' }), PATIENCE_MS);
    setLoading({ kind: 'asking' });
    bridge.request('session.get', undefined).then(
      (session) => settle({ kind: 'ready', session }),
      (error: Error) => settle({ kind: 'failed', words: error.message }),
    );
    return () => {
      outdated = true;
      window.clearTimeout(timer);
    };
  }, [bridge, attempt]);

  useEffect(() => {
    let latest = 0;
    return bridge.on('config.changed', () => {
      latest += 1;
      const asked = latest;
      bridge.request('session.get', undefined).then((session) => {
        if (asked === latest) setLoading({ kind: 'ready', session });
      }, console.error);
    });
  }, [bridge]);

  const again = { label: 'Ask again', run: () => setAttempt(attempt + 1) };
  switch (loading.kind) {
    case 'asking':
      return null;
    case 'no-answer':
      return (
        <MessagePage
          title="Holdfast's host does not answer"
          words={`The window asked for its configuration ${PATIENCE_MS / 1000} s ago. It is still waiting.`}
          action={again}
        />
      );
    case 'failed':
      return <MessagePage title="Holdfast could not start" words={loading.words} action={again} />;
    case 'ready':
      return children(loading.session);
  }
}
