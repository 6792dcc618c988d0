# `make run` and `make test` are all that a stranger needs; `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# What themes are measured against never enters the product's own environment.
RIVALS := .venv-bench
RIVALS_STAMP := $(RIVALS)/.installed
# Nor do the tools that look for faults in it.
TOOLS := .venv-security
TOOLS_STAMP := $(TOOLS)/.installed
DATA ?=
BENCH ?=
ENGLISH := translations/en/LC_MESSAGES/messages
# A CPU build of torch saves gigabytes where an index of one is at hand: make run TORCH_INDEX=…
TORCH_INDEX ?=
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help install run test bench bench-desk bench-digests bench-pages bench-themes bench-signals bench-workshop bench-faults bench-joining bench-timing rgaa audit security sbom screenshots clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

install: $(STAMP) $(ENGLISH).mo  ## make the virtual environment and install everything

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade-strategy only-if-needed -c constraints.txt $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) torch
	$(BIN)/pip install --quiet -c constraints.txt -e '.[dev]'
	@touch $@

$(ENGLISH).mo: $(ENGLISH).po | $(STAMP)
	$(BIN)/pybabel --quiet compile --directory translations

run: install  ## start the demonstration: site, worker and mail catcher
	$(BIN)/python -m app.demo_run

test: install  ## format, lint, types, all tests, migrations both ways, browser tests
	@$(BIN)/python -m tests.need_chromium
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	@# Three parts of like length side by side: on two cores, as the browser's waits a good deal.
	@mkdir -p build
	@{ $(BIN)/pytest -q -p no:cacheprovider tests/browser; browser=$$?; \
	$(BIN)/pytest -q -p no:cacheprovider tests/nlp tests/workshops; exit $$((browser + $$?)); } \
	> build/browser.txt 2>&1 & browser=$$!; \
	$(BIN)/pytest -q -p no:cacheprovider tests/feedback > build/feedback.txt 2>&1 & feedback=$$!; \
	$(BIN)/pytest -q -p no:cacheprovider --ignore=tests/feedback --ignore=tests/browser \
	--ignore=tests/nlp --ignore=tests/workshops; rest=$$?; \
	wait $$feedback; feedback=$$?; wait $$browser; browser=$$?; \
	cat build/feedback.txt build/browser.txt; exit $$((rest + feedback + browser))

bench: $(STAMP)  ## measure speeds as ratios in one run, into docs/benchmark.md
	$(BIN)/python -m tests.bench

$(RIVALS_STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(RIVALS)
	$(RIVALS)/bin/pip install --quiet --upgrade-strategy only-if-needed -c constraints.txt $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) torch
	$(RIVALS)/bin/pip install --quiet -c constraints.txt -e '.[bench]'
	@touch $@

bench-themes: $(STAMP) $(RIVALS_STAMP)  ## measure themes against BERTopic and others, into docs/benchmark.md
	$(RIVALS)/bin/python -m tests.bench_themes $(DATA) --product $(BIN)/python $(BENCH)

bench-pages: $(STAMP)  ## measure citizen pages on a slow phone and with many messages, into docs/benchmark.md
	$(BIN)/python -m tests.bench_pages $(BENCH)

bench-desk: $(STAMP)  ## measure the team's inbox with many messages, into docs/benchmark.md
	$(BIN)/python -m tests.bench_desk $(BENCH)

bench-signals: $(STAMP)  ## measure the watch on simulated streams and real texts, into docs/benchmark.md
	$(BIN)/python -m tests.bench_signals $(DATA) $(BENCH)

bench-digests: $(STAMP)  ## measure digests: composing, delivering, eight kills, into docs/benchmark.md
	$(BIN)/python -m tests.bench_digests $(BENCH)

bench-workshop: $(STAMP)  ## measure a session with 200 phones, killed three times, into docs/benchmark.md
	$(BIN)/python -m tests.bench_workshop $(BENCH)

bench-faults: $(STAMP)  ## break a site on purpose and count what is lost, into docs/benchmark.md
	$(BIN)/python -m tests.bench_faults $(BENCH)

bench-joining: $(STAMP)  ## measure planning and joining a session by hand on a slow phone, into docs/benchmark.md
	$(BIN)/python -m tests.bench_joining $(BENCH)

bench-timing: $(STAMP)  ## time known and unknown addresses and codes, into docs/benchmark.md
	$(BIN)/python -m tests.bench_timing $(BENCH)

$(TOOLS_STAMP):
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/pip install --quiet bandit semgrep
	@touch $@

security: $(STAMP) $(TOOLS_STAMP)  ## look for faults in the code with bandit and our semgrep rules
	$(TOOLS)/bin/bandit --quiet --recursive --severity-level medium app feedback nlp workshops wsgi.py
	$(TOOLS)/bin/semgrep scan --quiet --metrics=off --disable-version-check --error --config tests/security/semgrep.yml app feedback nlp workshops templates wsgi.py gunicorn.conf.py

sbom: $(STAMP)  ## write the bill of materials and the licences, into docs/sbom.cdx.json and docs/licences.md
	$(BIN)/python -m tests.bill_of_materials

rgaa: install  ## make the RGAA grid of the site and docs/rgaa.md from axe-core on every public page
	AXE_OUTPUT=build/axe.json $(BIN)/pytest -q tests/browser/test_pages.py
	$(BIN)/python -m tests.rgaa build/axe.json

audit: $(STAMP)  ## checks that need Node or Java: HTML validators, Lighthouse, screen reader
	sh docs/audit.sh

screenshots: install  ## draw the main pages of a demonstration at both widths, into docs/images/screens
	@$(BIN)/python -m tests.need_chromium
	$(BIN)/python -m tests.screenshots

clean:  ## remove the virtual environment and the demonstration's data
	@! grep -qs '^BOUCLE_ENV=production' instance/boucle.env || { echo "instance/ serves people: not removed"; exit 1; }
	rm -rf $(VENV) $(RIVALS) $(TOOLS) instance
