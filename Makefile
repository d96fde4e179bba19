# `make` lists what can be done. Everything is set up by itself in .venv and var/; nothing else on the machine is touched.

# the first Python on the path that is new enough
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
INSTALLED := .venv/.installed
TRANSLATIONS := $(wildcard service/web/locales/*/LC_MESSAGES/*.po)

CASE ?= straight
PORT ?= 8000
SANDBOX_PORT ?= 8001
export PORT SANDBOX_PORT
# starting a dozen processes without compiled modules takes several times as long; the others lead to other modules
unexport PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONPATH PYTHONSAFEPATH
# whatever the terminal's language is
export PYTHONUTF8 := 1

# what reads photos of bills: a third of the size of everything, so only the tests install it here
PHOTOS := .venv/.photos
# what writes down voicemails, likewise
SPEECH := .venv/.speech
# the carrier's own description of its interface, which judges our requests in the tests; without npm they run unjudged
REFEREE := .cache/twilio-openapi/twilio_trusthub_v1.json
# the judge of whether everybody can use our pages; without npm they are not judged
AXE := .cache/axe-core/axe.min.js
# the library with which programs for Node verify our webhooks; without npm ours alone does in the tests
STANDARDWEBHOOKS := .cache/standardwebhooks/node_modules/standardwebhooks/dist/index.js

# with which browsers take and make calls; where it cannot be fetched, the pages say that they cannot
VOICE_SDK := .cache/voice-sdk/twilio.min.js

.DEFAULT_GOAL := help
.PHONY: help demo run desk test lint style types suite bench drill image pictures accept-pictures translations lock supply clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(INSTALLED) $(TRANSLATIONS:.po=.mo) ## play a number's whole journey in the terminal; CASE=rejected, early, telnyx and tollfree are other journeys
	@$(BIN)/python -m demo $(CASE)

run: $(INSTALLED) $(VOICE_SDK) $(TRANSLATIONS:.po=.mo) ## leave everything running: the pages on PORT=8000, the carrier's console on SANDBOX_PORT=8001
	@$(BIN)/python -m laptop

desk: $(INSTALLED) ## give EMAIL, who has signed up, the porting desk's pages in what `make run` runs
	@$(BIN)/python -m laptop.porting_desk $(EMAIL)

# types take half a minute of one core, and tests wait for a part of their time
test: style $(PHOTOS) $(SPEECH) $(REFEREE) $(AXE) $(STANDARDWEBHOOKS) $(VOICE_SDK) ## everything that CI runs: lint, types, import contracts, tests
	@$(MAKE) --no-print-directory --jobs 2 types suite

lint: style types ## style, types and import contracts

style: $(INSTALLED) $(TRANSLATIONS:.po=.mo)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python $(BIN)/lint-imports

types: $(INSTALLED)
	$(BIN)/python -m mypy

suite: $(INSTALLED) $(TRANSLATIONS:.po=.mo)
	$(BIN)/python -m pytest -n auto --dist load --maxschedchunk 1

bench: $(INSTALLED) $(TRANSLATIONS:.po=.mo) ## measure what docs/performance.md tells, on this machine
	$(BIN)/python -m benchmarks

drill: $(INSTALLED) $(TRANSLATIONS:.po=.mo) ## play the disasters of real operation, within fifteen minutes: nothing may be lost or done twice
	@$(BIN)/python -m reliability.drill

image: $(INSTALLED) ## build the image on a Debian of its own, and open a page of it; wants root, debootstrap and buildah
	deploy/build-without-registry portline
	PORTLINE_IMAGE=localhost/portline $(BIN)/python -m pytest -q tests/test_image.py

pictures: $(INSTALLED) $(TRANSLATIONS:.po=.mo) ## take the pictures of README anew; wants a chromium
	$(BIN)/python -m pytest -q tests/browser/readme_pictures.py

accept-pictures: $(INSTALLED) ## accept how pages look that the last tests found changed, as kept in var/pictures
	$(BIN)/python -m tests.browser.pictures

translations: $(INSTALLED) ## bring the catalogues up to date with what the pages say
	@mkdir -p var
	PYTHONPATH=. $(BIN)/pybabel --quiet extract --mapping service/web/locales/babel.cfg --no-location --sort-output \
		--width 120 --msgid-bugs-address= --output-file var/pages.pot service
	$(BIN)/pybabel --quiet update --input-file var/pages.pot --output-dir service/web/locales --width 120 \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

lock: $(INSTALLED) ## choose the newest versions that setup.cfg allows, and write them down with their hashes
	echo uv | $(BIN)/python -m uv pip compile - --upgrade --output-file requirements-installer.txt $(COMPILE)
	$(BIN)/python -m uv pip compile setup.cfg --upgrade --output-file requirements.txt $(COMPILE)
	$(BIN)/python -m uv pip compile setup.cfg --upgrade --output-file requirements-dev.txt --extra dev --constraint requirements.txt $(COMPILE)
	$(BIN)/python -m uv pip compile setup.cfg --upgrade --output-file requirements-photos.txt --extra photos --constraint requirements-dev.txt $(COMPILE)
	$(BIN)/python -m uv pip compile setup.cfg --upgrade --output-file requirements-speech.txt --extra speech --constraint requirements-photos.txt --constraint requirements-dev.txt $(COMPILE)

supply: $(INSTALLED) ## list the licences and an SBOM (CycloneDX) in var/, and check the locked versions against advisories
	@mkdir -p var
	$(BIN)/python -m supply.licences > var/licences.txt
	@test -x $(SUPPLY)/bin/pip-audit || { $(BIN)/python -m venv $(SUPPLY) && $(SUPPLY)/bin/pip install --quiet $(SUPPLY_TOOLS); }
	$(SUPPLY)/bin/cyclonedx-py requirements requirements.txt --output-format JSON --output-file var/sbom.json
	@$(SUPPLY)/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.txt || \
		{ echo "Not clean: an advisory stands above, or an ERROR says that PyPI could not be asked and nothing was checked." >&2; exit 1; }

clean: ## stop the embedded databases and remove all that was made here
	@test ! -x $(BIN)/python || $(BIN)/python -m laptop.stop_database var
	rm -rf .venv var .cache .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	rm -f $(TRANSLATIONS:.po=.mo)

$(PHOTOS): requirements-photos.txt $(INSTALLED)
	@$(call install,requirements-photos.txt)
	@touch $@

$(SPEECH): requirements-speech.txt $(PHOTOS)
	@$(call install,requirements-speech.txt)
	@touch $@

$(REFEREE): $(INSTALLED)
	-@$(BIN)/python -m tests.provisioning.fetch_openapi

$(AXE): $(INSTALLED)
	-@$(BIN)/python -m tests.browser.fetch_axe

$(STANDARDWEBHOOKS): $(INSTALLED)
	-@$(BIN)/python -m tests.service.api.fetch_standardwebhooks

$(VOICE_SDK): provisioning/carriers/twilio/fetch_voice_sdk.py | $(INSTALLED)
	-@$(BIN)/python -m provisioning.carriers.twilio.fetch_voice_sdk

# tools of developers, beside the locks, so that no deployment and no test knows them
SUPPLY := .cache/supply
SUPPLY_TOOLS := pip-audit==2.10.1 cyclonedx-bom==7.5.0

COMPILE := --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

# uv takes a sixth of pip's processor time, but knows nothing of pip's settings, such as a company's own index
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-user --require-hashes
install = $(BIN)/python -m uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) 2>/dev/null || $(PIP) -r $(1)

# compiled here once, rather than by a dozen processes that start at the same time
STARTED := gunicorn.app.wsgiapp, honcho.manager, sandbox.app, service.app, service.clockwork, service.live, service.worker

# a Python that went away with an upgrade of the machine leaves its installation behind
ifneq ($(shell $(BIN)/python -c 'print(1)' 2>/dev/null),1)
.PHONY: $(INSTALLED)
endif

$(INSTALLED): requirements-dev.txt requirements-installer.txt
	@test -n "$(PYTHON)" || { echo "Portline needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || \
		{ echo "Python could not make .venv, see above; on Debian it needs: apt install python3-venv" >&2; rm -rf .venv; exit 1; }
	@echo "Installing libraries and a PostgreSQL into .venv, once; this takes about a minute."
	@$(PIP) -r requirements-installer.txt
	@$(call install,requirements-dev.txt)
	@$(BIN)/python -c 'import $(STARTED)'
	@touch $@

%.mo: %.po $(INSTALLED)
	@$(BIN)/python -m babel.messages.frontend --quiet compile --input-file $< --output-file $@
