#!/bin/sh
# Builds the chart runtime that every report embeds.
#
#   tools/echarts/build.sh           writes reports/assets/echarts.min.js and echarts.md
#   tools/echarts/build.sh --check   builds elsewhere and fails if a byte differs
#
# It needs node and npm. The versions are pinned in package.json and their hashes in
# package-lock.json, so the same bytes come out on every machine.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
assets=$here/../../reports/assets
out=$assets
case ${1-} in
  '') ;;
  --check) out=$(mktemp -d); trap 'rm -rf "$out"' EXIT ;;
  *) echo "usage: build.sh [--check]" >&2; exit 2 ;;
esac

cd "$here"
npm ci --silent

# The licences travel inside the file, because the file travels inside every report.
banner=$(
  echo '/*!'
  cat node_modules/echarts/NOTICE
  echo; echo 'Licensed under the Apache License, Version 2.0.'
  echo; echo '--- zrender'; cat node_modules/zrender/LICENSE
  echo; echo '--- parts of d3'; cat node_modules/echarts/licenses/LICENSE-d3
  echo '*/'
)

npx esbuild entry.js --bundle --minify --format=iife --global-name=echarts \
  --target=es2018 --charset=ascii --legal-comments=none --log-level=warning \
  --banner:js="$banner" --outfile="$out/echarts.min.js"

version() { node -p "require('./node_modules/$1/package.json').version"; }
cat >"$out/echarts.md" <<EOF
# echarts.min.js

The chart runtime inside every report: a cut of Apache ECharts with only the charts and
components named in \`tools/echarts/entry.js\`. Generated; do not edit.

| | |
|---|---|
| Apache ECharts | $(version echarts), Apache-2.0 (its NOTICE opens the file) |
| zrender | $(version zrender), BSD-3-Clause (its licence opens the file) |
| parts of d3 | BSD-3-Clause (its licence opens the file) |
| tslib | $(version tslib), 0BSD |
| bundled by | esbuild $(version esbuild) |
| command | \`tools/echarts/build.sh\` (\`--check\` compares) |
| size | $(wc -c <"$out/echarts.min.js" | tr -d ' ') bytes |
| sha256 | $(sha256sum "$out/echarts.min.js" | cut -d' ' -f1) |
EOF

if [ "$out" != "$assets" ]; then
  for file in echarts.min.js echarts.md; do
    cmp "$out/$file" "$assets/$file" || { echo "reports/assets/$file is not what build.sh makes" >&2; exit 1; }
  done
  echo "reports/assets/echarts.min.js is reproduced byte for byte"
fi
