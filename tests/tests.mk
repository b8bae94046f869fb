# Test targets; see CONTRIBUTING.md for what each is for.

PYTEST := /usr/bin/python3 -m pytest -q -p no:cacheprovider

.PHONY: test unit pgtest integration checks lint format fuzz bench faults sanitize

## unit: pure modules, cmocka, summarised by prove
unit: $(unit)
	@CMOCKA_MESSAGE_OUTPUT=TAP prove -e '' $(unit)

## pgtest: the Postgres layer against real clusters, cmocka
pgtest: $(pgtest)
	@CMOCKA_MESSAGE_OUTPUT=TAP prove -e '' $(pgtest)

## format: rewrite the sources in the house style
format:
	clang-format -i $(all_src) $(shell find common api-server enrich-daemon tests -name '*.h')
