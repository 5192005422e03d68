# Linli: `make help` lists what can be done. Only Python 3.11 and make are needed beforehand.
PY := .venv/bin/python
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help install demo test lint types laws bench docs shots lock messages new-module clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install: ## install locked Python and npm packages into this folder
	@sh scripts/bootstrap.sh

demo: install ## load the demonstration district and start everything
	@$(BIN)/linli demo $(ARGS)

test: ## run the whole suite against real PostgreSQL and Chromium
	@sh scripts/bootstrap.sh --dev
	@sh scripts/browser.sh
	@$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

lint: ## check style of Python, templates and scripts
	@sh scripts/bootstrap.sh --dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/djlint --quiet --lint src --extension html

types: ## check types of Python (mypy strict) and JavaScript (tsc)
	@sh scripts/bootstrap.sh --dev
	@$(BIN)/mypy && $(BIN)/node node_modules/typescript/bin/tsc -p .

laws: ## check the laws of the house: which module may import which
	@sh scripts/bootstrap.sh --dev
	@$(BIN)/lint-imports

bench: ## measure speed and print a table of medians
	@sh scripts/bootstrap.sh --dev
	@$(PY) -m bench $(ARGS)

docs: ## draw flows and architecture anew from the code
	@sh scripts/bootstrap.sh --dev
	@$(PY) scripts/draw_flows.py && $(PY) scripts/draw_architecture.py

shots: ## take the README's screenshots from a demonstration of their own
	@sh scripts/bootstrap.sh --dev
	@sh scripts/browser.sh
	@$(PY) scripts/take_shots.py

messages: ## collect texts to translate into src/linli/locale
	@sh scripts/bootstrap.sh --dev
	@$(PY) scripts/collect_messages.py && $(PY) scripts/compile_messages.py

lock: ## lock the newest allowed versions of all packages
	@sh scripts/lock.sh

new-module: ## make an empty module: make new-module WING=life NAME=activities
	@$(PY) scripts/new_module.py $(WING) $(NAME)

clean: ## remove installed packages and all local data
	@rm -rf .venv node_modules .linli .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
