import { FFMPEG, GSTREAMER, VLC } from './behind-nginx.ts';
import { NODE_MEDIA_SERVER } from './node-media-server.ts';
import { GO2RTC } from './real-go2rtc.ts';
import { MEDIAMTX } from './real-mediamtx.ts';
import { NGINX_RTMP } from './real-nginx-rtmp.ts';
import type { RealServer } from './real-server.ts';

/** All servers with which Holdfast is tested, where they are installed. */
export const REAL_SERVERS: readonly RealServer[] = [
  NGINX_RTMP,
  FFMPEG,
  GSTREAMER,
  VLC,
  NODE_MEDIA_SERVER,
  MEDIAMTX,
  GO2RTC,
];
