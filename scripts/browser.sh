#!/bin/sh
# Make sure a Chromium and Chinese fonts are there for the browser journeys, where we may.
set -u
command -v chromium >/dev/null && ls /usr/share/fonts/opentype/noto/*CJK* >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null; then
  sudo=no
  if [ "$(id -u)" = 0 ]; then sudo=""
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo="sudo -n"
  fi
  if [ "$sudo" != no ]; then
    echo "· Chromium and Chinese fonts (apt-get)" >&2
    $sudo apt-get update -qq
    $sudo apt-get install -y -qq chromium fonts-noto-cjk >/dev/null 2>&1
  fi
fi
command -v chromium >/dev/null && exit 0
echo "No Chromium, and no right to install it: the browser journeys are not run." >&2
echo "An administrator can: apt-get install chromium fonts-noto-cjk" >&2
exit 0
