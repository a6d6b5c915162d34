#!/bin/sh
# Takes the pictures of docs/images anew: the first screen of the report of every scenario
# of the library, 1280 by 900 pixels at three quarters of its size.
#
#   tools/pictures.sh
#
# It needs Chromium. The fonts are those of the machine, so the bytes differ from one to
# another; take them anew when what they show has changed.
set -eu
cd "$(dirname "$0")/.."
ROLLRISK_BROWSER=required ROLLRISK_UPDATE=1 go test ./reports -count=1 -run '^TestPictures$'
ls -l docs/images
