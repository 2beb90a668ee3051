/** Whether this workstation has a decoder for video of a type such as `video/mp4; codecs="avc1.64001f"`. */
export type CanShow = (contentType: string) => boolean;

/** Asks the browser that draws this window. */
export const browserCanShow: CanShow = (contentType) => MediaSource.isTypeSupported(contentType);
