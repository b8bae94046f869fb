# Test targets; see CONTRIBUTING.md for what each is for.

PYTEST := /usr/bin/python3 -m pytest -q -p no:cacheprovider
# Side by side: they mostly wait.
SIDE_BY_SIDE := -n 4
SANITIZERS := address,undefined

pg_test_src := $(wildcard tests/pg/test_*.c)
pg_test := $(patsubst %.c,$(BUILD)/%,$(pg_test_src))
all_src += $(wildcard tests/pg/*.c)
$(pg_test): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/tests/pg/cluster.o $(BUILD)/libcommon.a
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS) -lcmocka

# Loaded into programs by the fault tests; never sanitized.
preload := $(patsubst %,$(BUILD)/tests/faults/%.so,shift_clock names)
all_src += $(patsubst $(BUILD)/%.so,%.c,$(preload))
$(preload): $(BUILD)/%.so: %.c
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) -std=c17 -D_GNU_SOURCE -O2 $(WARN) -fPIC -shared \
		-fvisibility=hidden -o $@ $<

.PHONY: test test-one runnable testable unit pgtest integration histories \
	soak smoke browser faults fault-rounds fault-stories checks only-computes lint \
	format tidy figures fuzz bench

# Tests of modules and of the programs are sanitized; what a person meets
# (smoke, faults, page) is the build that is installed. Most tests wait most of
# the time: some go side by side, and what computes goes behind them.
sanitized := WERROR=1 SAN=$(SANITIZERS)
## test: everything CI runs: build, checks, unit, integration, faults, fuzz
test:
	@config/install.sh test
	@$(MAKE) --no-print-directory -j2 WERROR=1 all runnable vendor
	@$(MAKE) --no-print-directory -j2 $(sanitized) all testable
	@$(MAKE) --no-print-directory checks smoke
	@$(MAKE) --no-print-directory $(sanitized) unit
	@$(MAKE) --no-print-directory -j2 -O $(sanitized) pgtest integration
	@$(MAKE) --no-print-directory -j4 -O fault-stories fault-rounds browser \
		only-computes

runnable: $(stub) $(programs) $(preload)
testable: runnable $(unit) $(pg_test)

only-computes:
	@nice -n 19 $(MAKE) --no-print-directory lint
	@nice -n 19 $(MAKE) --no-print-directory fuzz FUZZ_SECONDS=5

# T: a path, or the name of its file, and behind it what pytest takes (::test).
one := $(firstword $(subst ::, ,$(T)))
one_file := $(firstword $(wildcard $(one) \
	$(foreach end,.c .py,$(one:%=tests/*/%$(end)))))
one_program := $(patsubst %.c,$(BUILD)/%,$(filter %.c,$(one_file)))
## test-one: T=test_str or T=tests/integration/test_films.py::test_x
test-one: $(or $(one_program),$(if $(one_file),runnable)) \
		$(if $(filter tests/browser/%,$(one_file)),vendor)
	$(if $(one_file),,$(error T=$(T): no such test))$(or $(one_program), \
		REWATCH_BUILD=$(BUILD) $(PYTEST) '$(subst $(one),$(one_file),$(T))')

## unit: pure modules, cmocka, summarised by prove
unit: $(unit)
	@CMOCKA_MESSAGE_OUTPUT=TAP prove -o -e '' $(unit)

## pgtest: the Postgres layer against a real cluster
pgtest: $(pg_test)
	@CMOCKA_MESSAGE_OUTPUT=TAP prove -o -e '' $(pg_test)

## integration: the programs as processes, a real Postgres, TMDB's stand-in
integration: $(programs) $(stub)
	@REWATCH_BUILD=$(BUILD) $(PYTEST) $(SIDE_BY_SIDE) tests/integration

HISTORIES ?= 10000
## histories: made-up histories of imports, HISTORIES (10000), against a model
histories: $(programs)
	@REWATCH_BUILD=$(BUILD) HISTORIES=$(HISTORIES) \
		$(PYTEST) tests/integration/test_histories.py

# What `make test` does for seconds, for minutes, sanitized.
soaked := $(patsubst %,tests/integration/test_%.py,killed flood wire_mutations)
## soak: kills, floods, broken requests, the largest uploads, faults, for long
soak:
	@$(MAKE) --no-print-directory -j2 all runnable
	@$(MAKE) --no-print-directory -j2 $(sanitized) runnable
	@SOAK=1 MUTATIONS=30000 \
		REWATCH_BUILD=build-san-$(subst $(comma),-,$(SANITIZERS)) \
		$(PYTEST) $(soaked)
	@SOAK=1 REWATCH_BUILD=build $(PYTEST) tests/faults/test_upload_memory.py
	@FAULT_ROUNDS=130 FAULT_PAIRS=30 $(MAKE) --no-print-directory fault-rounds

## smoke: both programs start, and what a person does first works
smoke: $(programs) $(stub)
	@REWATCH_BUILD=$(BUILD) $(PYTEST) tests/smoke

## faults: what an operator's night looks like
faults: fault-rounds fault-stories
fault_rounds := tests/faults/test_rounds.py
fault-rounds: $(programs) $(stub) $(preload)
	@REWATCH_BUILD=$(BUILD) $(PYTEST) $(fault_rounds)
fault-stories: $(programs) $(stub) $(preload)
	@REWATCH_BUILD=$(BUILD) $(PYTEST) tests/faults --ignore $(fault_rounds)

## browser: the page in Chromium
browser: $(programs) $(stub) vendor
	@REWATCH_BUILD=$(BUILD) $(PYTEST) tests/browser

## checks: what must agree with each other: documentation, includes, SQL
checks: $(programs)
	@for check in $(filter-out %/lib.sh,$(wildcard tests/checks/*.sh)); do \
		BUILD=$(BUILD) bash $$check || exit 1; done
	@tests/sample/make_sample.py --check

## lint: formatting, clang-tidy, cppcheck, shellcheck
lint: $(gen_all) tidy
	@clang-format --dry-run -Werror $(all_src) \
		$(shell find common api-server enrich-daemon tests -name '*.h')
	@cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 \
		--enable=warning,portability --suppress=missingInclude \
		-I. -I$(BUILD) common api-server enrich-daemon tests/tmdb-stub
	@shellcheck -x -P SCRIPTDIR config/*.sh tests/checks/*.sh .ci/run
	@echo "lint: clean"

# A file's result is kept until it, a header or the rules change.
tidy_done := $(patsubst %.c,$(BUILD)/tidy/%.ok,$(all_src))
tidy: $(tidy_done)
$(BUILD)/tidy/%.ok: %.c .clang-tidy tests/.clang-tidy $(gen_all)
	@mkdir -p $(@D)
	@echo "  TIDY  $<"
	@clang-tidy --quiet $< -- -std=c17 $(CPPFLAGS_ALL) 2>/dev/null
	@touch $@

## format: rewrite the sources in the house style
format:
	clang-format -i $(all_src) $(shell find common api-server enrich-daemon tests -name '*.h')

# --- fuzzing -----------------------------------------------------------------

FUZZ_SECONDS ?= 30
fuzz_names := $(patsubst tests/fuzz/fuzz_%.c,%,$(fuzz_src))
fuzz_build := build-fuzz

# Two jobs, unless the make that runs this one has a say.
two_jobs = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j2)

## fuzz: every parser for FUZZ_SECONDS (30) each; `make fuzz-csv` for ever
fuzz:
	@$(MAKE) --no-print-directory $(two_jobs) BUILD=$(fuzz_build) CC=clang \
		SAN=fuzzer-no-link,address,undefined $(patsubst \
		%,$(fuzz_build)/tests/fuzz/fuzz_%,$(fuzz_names))
	@$(MAKE) --no-print-directory $(two_jobs) $(fuzz_names:%=fuzz-awhile-%)
	@echo "fuzz: $(words $(fuzz_names)) parsers, $(FUZZ_SECONDS) s each, no finding"

fuzz-awhile-%:
	@echo "  FUZZ  $*"
	@$(MAKE) --no-print-directory fuzz-$* \
		FUZZ_FLAGS="-max_total_time=$(FUZZ_SECONDS)" \
		>$(fuzz_build)/$*.log 2>&1 || \
		{ tail -40 $(fuzz_build)/$*.log; exit 1; }

fuzz-%:
	@mkdir -p $(fuzz_build)/corpus/$*
	$(fuzz_build)/tests/fuzz/fuzz_$* $(FUZZ_FLAGS) -max_len=65536 -timeout=10 \
		-rss_limit_mb=2048 -artifact_prefix=$(fuzz_build)/ \
		$(if $(wildcard tests/fuzz/fuzz_$*.dict),-dict=tests/fuzz/fuzz_$*.dict) \
		$(fuzz_build)/corpus/$*

$(patsubst %.c,$(BUILD)/%,$(fuzz_src)): $(BUILD)/%: $(BUILD)/%.o $(libs)
	@echo "  LINK  $@"
	@clang -fsanitize=fuzzer,address,undefined -pthread -o $@ $< $(libs) $(LIBS)

# --- measuring ---------------------------------------------------------------

## figures: the shape of the sources
figures:
	@/usr/bin/python3 tests/checks/figures.py

## bench: ratios to a floor measured in the same run
bench:
	@config/install.sh bench
	@$(MAKE) --no-print-directory -j2 $(programs) $(stub) $(bench)
	@REWATCH_BUILD=$(BUILD) /usr/bin/python3 tests/bench/run.py
