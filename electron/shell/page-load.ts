import type {
  WebContentsDidStartNavigationEventParams as Navigation,
  RenderProcessGoneDetails,
  WebContents,
} from 'electron';

/**
 * The result of loading a page. A crash or a closed window is no error here: the events of the page and the window
 * report it.
 */
export type PageLoad = 'loaded' | 'crashed' | 'closed';

/** The part of a window's contents that {@link loadPage} uses. */
export type LoadingContents = Pick<WebContents, 'loadURL' | 'isLoading' | 'isDestroyed' | 'on' | 'off'>;

/** `ERR_ABORTED`: another load has replaced it. */
const ABORTED = -3;
/** Time after an aborted load within which its reason follows, ms: a crash, or the next load. */
const EXPLAINED_WITHIN_MS = 1000;

/**
 * Loads a page. If another load of the same contents replaces it, such as a reload, that is no failure: the result of
 * the last one counts.
 * @throws where the page cannot be loaded
 */
export function loadPage(contents: LoadingContents, url: string): Promise<PageLoad> {
  return new Promise((resolve, reject) => {
    let failure: { readonly error: unknown } | null = null;
    /** Chromium replaces a failed page by a page of its own, and reports that one as loaded. */
    let isErrorPage = false;
    let timer: NodeJS.Timeout | undefined;
    const stopListening = (): void => {
      clearTimeout(timer);
      contents.off('did-start-navigation', onStarted);
      contents.off('did-fail-load', onFailed);
      contents.off('did-finish-load', onFinished);
      contents.off('did-stop-loading', onStopped);
      contents.off('render-process-gone', onGone);
      contents.off('destroyed', onDestroyed);
    };
    const end = (load: PageLoad): void => {
      stopListening();
      resolve(load);
    };
    const onStarted = ({ isMainFrame, isSameDocument }: Navigation): void => {
      if (isMainFrame && !isSameDocument) isErrorPage = false;
    };
    const onFailed = (
      _event: unknown,
      code: number,
      words: string,
      address: string,
      isMainFrame: boolean,
    ): void => {
      if (!isMainFrame || code === ABORTED) return;
      isErrorPage = true;
      failure = { error: new Error(`${words} (${code}) loading '${address}'`) };
    };
    const onFinished = (): void => {
      if (!isErrorPage) end('loaded');
    };
    /** The last load in progress is over. */
    const onStopped = (): void => {
      clearTimeout(timer);
      if (failure !== null) timer = setTimeout(giveUp, EXPLAINED_WITHIN_MS, failure.error);
    };
    const giveUp = (error: unknown): void => {
      if (contents.isLoading()) return;
      stopListening();
      reject(error);
    };
    const onGone = (_event: unknown, { reason }: RenderProcessGoneDetails): void => {
      if (reason !== 'clean-exit') end('crashed');
    };
    const onDestroyed = (): void => end('closed');
    contents.on('did-start-navigation', onStarted);
    contents.on('did-fail-load', onFailed);
    contents.on('did-finish-load', onFinished);
    contents.on('did-stop-loading', onStopped);
    contents.on('render-process-gone', onGone);
    contents.on('destroyed', onDestroyed);
    contents.loadURL(url).then(
      () => end('loaded'),
      (error: unknown) => {
        failure ??= { error };
        if (contents.isDestroyed()) end('closed');
        else onStopped();
      },
    );
  });
}
