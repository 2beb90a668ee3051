export type FileKind = 'playlist' | 'segment';

/** The address of the newest segment that a media playlist lists, relative to it. @throws where it lists none */
export function newestSegment(playlist: string): string {
  const address = playlist
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '' && !line.startsWith('#'));
  if (address === undefined) throw new Error('the playlist lists no segment');
  return address;
}
