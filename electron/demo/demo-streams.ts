import type { DemoLatency } from '../../shared/demo.ts';
import { createLiveFiles, type StreamClips } from './create-live-files.ts';
import type { LiveFiles } from './live-files.ts';
import { PLAYLIST_FILE } from './live-playlist.ts';
import { LOW_LATENCY_SHAPE, PLAIN_SHAPE } from './stream-shape.ts';

const LOW_LATENCY_FOLDER = 'low-latency';

/** Address of a camera's playlist below its site; `{camera}` stands for the camera. */
export const DEMO_PLAYLIST_PATHS: Readonly<Record<DemoLatency, string>> = {
  plain: `{camera}/${PLAYLIST_FILE}`,
  low: `{camera}/${LOW_LATENCY_FOLDER}/${PLAYLIST_FILE}`,
};

/** A camera of the demo in every latency at once: the viewer's configuration selects one of them. */
export function createDemoStreams(clips: StreamClips): LiveFiles {
  const plain = createLiveFiles({ clips, shape: PLAIN_SHAPE });
  const low = createLiveFiles({ clips, shape: LOW_LATENCY_SHAPE });
  const folder = `${LOW_LATENCY_FOLDER}/`;
  return {
    answer: (file, ...about) =>
      file.startsWith(folder)
        ? low.answer(file.slice(folder.length), ...about)
        : plain.answer(file, ...about),
  };
}
