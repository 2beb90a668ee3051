import { type RefCallback, useCallback, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { Camera, PublicConfig, Quality } from '../../shared/config/config.ts';
import type { TileSnapshot } from '../stores/tile-snapshot.ts';
import { TileServicesContext } from '../window/tile-services.ts';
import { PictureStack } from './picture-stack.ts';
import { TileEngine } from './tile-engine.ts';

export interface StreamSelector {
  readonly snapshot: TileSnapshot;
  /** The box that contains the pictures. */
  readonly stageRef: RefCallback<HTMLElement>;
  /** Accepts the offer "Return to <site>". */
  returnToPreferred(): void;
}

/**
 * The stream selector of one tile: watches the camera's streams at every site, and changes the picture over on loss, make before
 * break, decided by this tile alone. It lives as long as the component. A tile that gets another camera is another component, so
 * give it a key. An edited configuration is followed without losing a picture.
 * @throws when no TileServicesContext is above it
 */
export function useStreamSelector(
  camera: Camera,
  options: {
    readonly config: PublicConfig;
    readonly tile: number;
    readonly view: string;
    readonly wanted: Quality;
  },
): StreamSelector {
  const services = useContext(TileServicesContext);
  if (services === null) throw new Error('useStreamSelector needs a TileServicesContext above it');
  const { config, tile, view, wanted } = options;
  const [engine] = useState(() => new TileEngine(config, camera, { tile, view, wanted }, services));
  const snapshot = useSyncExternalStore(engine.subscribe, engine.snapshot);
  const stageRef = useCallback<RefCallback<HTMLElement>>(
    (stage) => {
      if (stage === null) return;
      engine.start(new PictureStack(stage));
      return () => engine.stop();
    },
    [engine],
  );
  useEffect(() => engine.setWanted(wanted), [engine, wanted]);
  useEffect(() => engine.setPlace({ tile, view }), [engine, tile, view]);
  useEffect(() => engine.updateConfig(config), [engine, config]);
  const returnToPreferred = useCallback(() => engine.returnToPreferred(), [engine]);
  return { snapshot, stageRef, returnToPreferred };
}
