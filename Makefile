# Everything the project is built, run and tested with; dev/ does the work.
.DEFAULT_GOAL := help
.PHONY: help demo test test-core test-addon test-odoo lint bench shell clean

help: ## Print this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

demo: ## Start Odoo with a demo company and print where it is
	@dev/start demo

test: ## Run the linters and all tests
	@dev/start test

test-core: ## Run the tests that need no Odoo
	@dev/start test core

test-addon: ## Run the addons' tests in Odoo (TAGS=... as for --test-tags)
	@dev/start test addon

test-odoo: ## Run Odoo's own tests with and without our addons and compare
	@dev/start test-odoo

lint: ## Run the linters
	@dev/start lint

bench: ## Measure the promises and print one table
	@dev/start bench $(BENCH)

shell: ## Open Odoo's Python shell on the demo database
	@dev/start shell

clean: ## Stop what was started and remove everything that was cached
	@dev/start clean
