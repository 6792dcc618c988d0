#!/bin/sh
# Check every page: html-validate, the Nu validator; the citizens': Lighthouse, a virtual screen reader.
# Needs Node, Java, Chromium.
# BASE_URL=http://127.0.0.1:8000 checks a running site; without it a demonstration is started here.
set -eu
cd "$(dirname "$0")/.."
tools=build/audit
pages=$tools/pages
for tool in npm java curl; do
    command -v $tool >/dev/null || { echo "make audit needs $tool"; exit 1; }
done
if [ ! -d $tools/node_modules/esbuild ]; then
    npm install --prefix $tools --no-audit --no-fund --ignore-scripts --silent \
        html-validate@10 vnu-jar lighthouse@12.8.2 esbuild @guidepup/virtual-screen-reader@0.33.0
fi
if [ -z "${BASE_URL:-}" ]; then
    BASE_URL=http://127.0.0.1:8765
    BOUCLE_INSTANCE=$tools/instance PORT=8765 MAIL_PORT=8766 .venv/bin/python -m app.demo_run \
        >$tools/demo.log 2>&1 &
    trap "kill $!" EXIT
fi
tries=0
until curl -fsS "$BASE_URL/readyz" >/dev/null 2>&1; do
    tries=$((tries + 1)); [ $tries -lt 300 ] || { echo "no site at $BASE_URL"; exit 1; }; sleep 2
done
rm -rf $pages && mkdir -p $pages
service=$(curl -fsS "$BASE_URL/" | grep -o 'href="/s/[^"/]*"' | head -1 | cut -d'"' -f2)
for path in / /a-propos /accessibilite /vos-donnees /suivi /atelier /connexion "$service" \
    "$service/autrement" "$service/formulaire" "$service/affiche" "$service/ce-qui-change" \
    "$service/suivre" "$service/syntheses"; do
    curl -fsS "$BASE_URL$path" -o "$pages/page$(echo "$path" | tr / -).html"
done
# And every page that any role may open, with two services that hold one of everything.
.venv/bin/python -m tests.pages_for_audit $pages >$tools/pages.log
failed=0
npx --prefix $tools html-validate --config docs/html-validate.json "$pages/*.html" || failed=1
java -jar $tools/node_modules/vnu-jar/build/dist/vnu.jar --errors-only $pages/*.html || failed=1
look() {
    CHROME_PATH=$(command -v chromium) npx --prefix $tools lighthouse "$BASE_URL$1" --quiet --output=json \
        --chrome-flags="--headless --no-sandbox --disable-gpu" --output-path=$tools/lighthouse.json
    node docs/lighthouse-floors.cjs $tools/lighthouse.json "$1"
}
# Lighthouse simulates the slow phone from what this machine does just then: three tries for each page.
for path in / "$service" "$service/autrement" "$service/ce-qui-change" "$service/syntheses" \
    /suivi /vos-donnees /atelier; do
    look "$path" || look "$path" || look "$path" || failed=1
done
cp docs/screen-reader.js $tools/screen-reader.js
npx --prefix $tools esbuild $tools/screen-reader.js --bundle --format=iife --log-level=error \
    --outfile=$tools/reader.js
.venv/bin/python -m tests.screen_reader $tools/reader.js 2>$tools/reader.log || failed=1
echo "$(ls $pages | wc -l) pages checked; errors: $([ $failed = 0 ] && echo none || echo see above)"; exit $failed
