/** A file that exists and is not accepted. The message continues a sentence as {@link fileProblem} does. */
export class UnfitFile extends Error {}

/** The file system's objection, in words that continue a sentence: "… cannot be read: there is no such file". */
export function fileProblem(error: unknown): string {
  if (error instanceof UnfitFile) return error.message;
  const code = codeOf(error);
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'there is a file in the place of a folder';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    case 'EROFS':
      return 'the disk can only be read';
    case 'EIO':
    case 'ENODEV':
    case 'ENXIO':
    case 'ENOTCONN':
    case 'ESTALE':
    case 'EHOSTDOWN':
    case 'EHOSTUNREACH':
    case 'ETIMEDOUT':
      return `its disk or share cannot be reached (${code})`;
    default:
      return code ?? String(error);
  }
}

/** The system's name of an error, such as `ENOENT`; `null` for other errors. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}
