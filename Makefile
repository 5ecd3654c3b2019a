# Three commands matter: `make demo`, `make check` and `make test`. They set everything up by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo check test lint bench soak fuzz dashboards victoria dashboards-shots lock clean

demo: $(READY)
	$(BIN)/netwatch demo

# A change's first answer, within a minute: format, lint, types, and every test that waits for nothing.
check: lint
	$(BIN)/python -m pytest --quiet --numprocesses=2 -m "not slow"

# Everything. Most tests wait most of the time, so more of them run at once than there are cores.
test: $(READY)
	$(BIN)/python -m pytest --numprocesses=6 --cov --cov-report= --durations=25

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m tests.bench

# A day in ten minutes, and a thousand kills: docs/hostile-input.md.
soak: $(READY)
	$(BIN)/python -m tests.bench.soak
	$(BIN)/python -m tests.bench.kills 1000

# Hunts four minutes a reader for inputs that it can't take; what it finds is left in .hunt/.
fuzz: $(READY)
	$(BIN)/python -m tests.readers.hunt --seconds 240

# Writes the JSON that Grafana reads.
dashboards: $(READY)
	$(BIN)/python -m dashboards.grafana

# Makes the configuration of VictoriaMetrics of that of Prometheus.
victoria: $(READY)
	$(BIN)/python -m release.victoria

# Draws them as Grafana does, into tests/dashboards/rendered/pictures; needs Node, npm and Chromium.
dashboards-shots: $(READY)
	$(BIN)/python -m pytest --quiet tests/dashboards/rendered/test_drawn.py

# What is installed with netwatch, as CycloneDX.
sbom: $(READY)
	$(BIN)/python -m release.sbom > sbom.cdx.json

# All that a server without a connection needs: docs/install.md.
bundle: $(READY)
	$(BIN)/python -m release.bundle dist

$(READY): pyproject.toml requirements/dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

# Renews the pinned versions; needs uv (pip install uv).
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --upgrade -o requirements/run.txt
	uv pip compile pyproject.toml --extra report --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --upgrade -o requirements/report.txt
	uv pip compile pyproject.toml --extra import --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --upgrade -o requirements/import.txt
	uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --upgrade -o requirements/dev.txt

clean:
	rm -rf $(VENV) .demo
