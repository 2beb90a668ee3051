#!/bin/sh
# Makes the rig's own clips anew, with FFmpeg 5.1 (libx264). Run it in this folder. They are the demo's clips of one camera
# with a single key picture in their 12 s, as cameras with a "smart" codec send them.
set -eu
for site in main backup; do
  ffmpeg -hide_banner -loglevel error -y -i "../../../electron/demo/clips/corridor-$site.mp4" \
    -an -map_metadata -1 -c:v libx264 -profile:v main -preset slow -bf 0 -crf 29 \
    -g 180 -keyint_min 180 -sc_threshold 0 -x264-params open-gop=0:threads=1 -flags +bitexact -fflags +bitexact \
    -f mp4 -movflags empty_moov+default_base_moof+skip_trailer -use_editlist 0 \
    -video_track_timescale 90000 -frag_duration 333333 "key-each-12-s-$site.mp4"
done
