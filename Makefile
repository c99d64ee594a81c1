# Two commands matter: `make run` shows Roomscribe at work, `make test` proves it.
# Both set everything up first. ARGS are passed on: make run ARGS="--once"

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
SOURCES := models pipeline asr rooms recorder notifications transcripts api bench tests

.PHONY: run test check unit web-test bench bench-asr bench-recorder bench-search model soak browser postgres clean

run: $(VENV)/.run web/vendor/.done
	@$(BIN)/roomscribe demo $(ARGS)

test: check web-test unit

check: $(VENV)/.test node_modules/.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(SOURCES)
	$(BIN)/lint-imports
	npx tsc --project tsconfig.json

web-test: node_modules/.done
	npm test --silent

# After the rest come tests that go at the speed of speech, and what measures time has the machine to
# itself. Of tests that ARGS chooses there may be none in a part.
unit: or_none = $(if $(ARGS), || test $$? -eq 5)
unit: $(VENV)/.test web/vendor/.done browser postgres
	HF_HUB_OFFLINE=1 $(BIN)/python -m pytest -n 2 --dist loadfile -m "not soak and not realtime and not timed" $(ARGS)$(or_none)
	HF_HUB_OFFLINE=1 $(BIN)/python -m pytest -n 2 --dist loadfile -m "realtime and not soak" $(ARGS)$(or_none)
	HF_HUB_OFFLINE=1 $(BIN)/python -m pytest -m "timed and not soak" $(ARGS)$(or_none)

# What docs/reference/benchmarks.md shows, measured here; bench-asr, beside other servers, rewrites its part.
bench: $(VENV)/.test
	HF_HUB_OFFLINE=1 $(BIN)/python -m bench.engines
	HF_HUB_OFFLINE=1 $(BIN)/python -m bench.media_loop
	HF_HUB_OFFLINE=1 $(BIN)/python -m bench.caption_delay
	HF_HUB_OFFLINE=1 $(BIN)/python -m bench.steadiness
	$(BIN)/python -m bench.lines
	HF_HUB_OFFLINE=1 $(BIN)/python -m bench.ghosts
	HF_HUB_OFFLINE=1 $(BIN)/python -m bench.second_pass
	HF_HUB_OFFLINE=1 $(BIN)/python -m bench.vocabulary
	HF_HUB_OFFLINE=1 $(BIN)/python -m bench.levers --model tests/fixtures/whisper-tiny-domain
	HF_HUB_OFFLINE=1 $(BIN)/python -m bench.first_caption
	$(BIN)/python -m bench.paint
	$(BIN)/python -m bench.saved_searches
	$(BIN)/python -m bench.long_room

bench-asr: $(VENV)/.test
	HF_HUB_OFFLINE=1 $(BIN)/python -m bench.peers --rooms 1,2,4,8 --beyond 12,16,24 --runs 3 --write $(ARGS)

# A quarter of an hour; ARGS="--short" shows it in a minute, ARGS="--write" rewrites the table.
bench-recorder: $(VENV)/.test
	$(BIN)/python -m bench.recorder $(ARGS)

# Searching in 100 thousand to 5 million captions, about an hour; ARGS="--short" shows it in minutes.
bench-search: $(VENV)/.test
	$(BIN)/python -m bench.search $(ARGS)
	$(BIN)/python -m bench.misheard
	$(BIN)/python -m bench.meaning

# The small Whisper that the tests use: speech, training, weights (about an hour).
model: $(VENV)/.test
	$(BIN)/python -m bench.small_whisper $(ARGS)

soak: $(VENV)/.test postgres
	HF_HUB_OFFLINE=1 $(BIN)/python -m pytest -m soak $(ARGS)

$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "A virtual environment cannot be made: install Python 3.11 with venv."; exit 1; }

$(VENV)/.run: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Setting up Python packages (once, about a minute) …"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	@$(PIP) --editable '.[dev]'
	@touch $@

node_modules/.done: package.json
	@npm install --silent --no-audit --no-fund --no-package-lock
	@touch $@

# The page's own fonts are a nicety: without npm or network the system's fonts are used.
web/vendor/.done: package.json
	@mkdir -p web/vendor
	@{ $(MAKE) --no-print-directory node_modules/.done && npm run --silent vendor; } \
		|| echo "The page's extra fonts are not installed (npm needed); system fonts are used."
	@touch $@

browser:
	@command -v chromium >/dev/null \
		|| { apt-get update -qq && apt-get install -y -qq chromium; } >/dev/null 2>&1 \
		|| echo "Chromium is not installed (apt-get install chromium): browser tests are skipped."

postgres:
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 \
		|| { apt-get update -qq && apt-get install -y -qq postgresql; } >/dev/null 2>&1 \
		|| echo "PostgreSQL is not installed (apt-get install postgresql): its tests are skipped."

clean:
	rm -rf $(VENV) node_modules web/vendor
