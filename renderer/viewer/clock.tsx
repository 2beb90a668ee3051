import { type ReactNode, useEffect, useState } from 'react';
import { formatTime } from '../ui/format.ts';

/** The workstation's time of day. It says nothing about any picture. */
export function Clock(): ReactNode {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    // The timer is set anew for each second, so that the display does not fall behind.
    let timer: number;
    const tick = (): void => {
      setNow(new Date());
      timer = window.setTimeout(tick, 1000 - (Date.now() % 1000));
    };
    tick();
    return () => window.clearTimeout(timer);
  }, []);
  return <time className="bar-clock">{formatTime(now)}</time>;
}
