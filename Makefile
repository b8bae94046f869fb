# Rewatch. `make help` lists the targets.
#
# Variants: BUILD=dir (default build), SAN=address,undefined or SAN=thread
# (builds into build-san-...), CC=clang, WERROR=1, DEBUG=1.

SHELL := /bin/bash
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
comma := ,
ifdef SAN
BUILD ?= build-san-$(subst $(comma),-,$(SAN))
endif
BUILD ?= build
PREFIX ?= /usr/local
VERSION := 0.1.0

# --- flags -------------------------------------------------------------------

PKGS := libpq libevent libevent_pthreads libcurl yajl yaml-0.1 libarchive \
	libutf8proc libsodium zlib
CPPFLAGS_ALL = -D_GNU_SOURCE -include common/base/banned.h -I. -I$(BUILD) \
	-DREWATCH_VERSION='"$(VERSION)"' $(shell pkg-config --cflags $(PKGS)) \
	$(CPPFLAGS)
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wpointer-arith \
	-Wcast-qual -Wwrite-strings -Wformat=2 -Wimplicit-fallthrough -Wundef \
	-Wvla -Walloca -Wswitch-enum -Wconversion -Wsign-conversion \
	-Wdouble-promotion -Wnull-dereference -Wunused-macros
HARDEN := -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection=full -fno-strict-overflow \
	-fno-delete-null-pointer-checks -fPIE -fno-common -fvisibility=hidden
ifneq (,$(findstring gcc,$(shell $(CC) --version 2>/dev/null)))
WARN += -Wjump-misses-init -Wduplicated-cond -Wduplicated-branches \
	-Wlogical-op
HARDEN += -ftrivial-auto-var-init=zero
endif
ifdef WERROR
WARN += -Werror
endif
ifdef SAN
OPT := -O1 -g -fno-omit-frame-pointer -fsanitize=$(SAN) \
	-fno-sanitize-recover=all
LDSAN := -fsanitize=$(SAN)
else ifdef DEBUG
OPT := -O0 -g
else
OPT := -O2 -g
HARDEN += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
endif
CFLAGS_ALL = -std=c17 $(OPT) $(WARN) $(HARDEN) -pthread $(CFLAGS)
LDFLAGS_ALL = -pie -pthread $(LDSAN) -Wl,-z,relro,-z,now,-z,noexecstack \
	-Wl,--as-needed $(LDFLAGS)
LIBS = $(shell pkg-config --libs $(PKGS)) -lcsv -lm

# --- sources -----------------------------------------------------------------

common_src := $(shell find common -name "*.c" | LC_ALL=C sort)
api_src := $(shell find api-server -name "*.c" | LC_ALL=C sort)
daemon_src := $(shell find enrich-daemon -name "*.c" | LC_ALL=C sort)
stub_src := $(wildcard tests/tmdb-stub/*.c)
unit_src := $(wildcard tests/unit/test_*.c)
fuzz_src := $(wildcard tests/fuzz/fuzz_*.c)
bench_src := $(wildcard tests/bench/bench_*.c)
bench_lib := $(patsubst %,tests/bench/%.c,made_up namesake stand_in)
sql_src := $(sort $(shell find sql/queries -name '*.sql' 2>/dev/null))
all_src := $(common_src) $(api_src) $(daemon_src) $(stub_src) $(unit_src) \
	$(fuzz_src) $(bench_src) $(bench_lib)

obj = $(patsubst %.c,$(BUILD)/%.o,$(1))
# Everything of a program but its main() is a library that tests link too.
libs := $(BUILD)/libapi.a $(BUILD)/libdaemon.a $(BUILD)/libcommon.a
programs := $(BUILD)/api-server/api-server $(BUILD)/enrich-daemon/enrich-daemon
stub := $(BUILD)/tests/tmdb-stub/tmdb-stub
unit := $(patsubst %.c,$(BUILD)/%,$(unit_src))
bench := $(patsubst %.c,$(BUILD)/%,$(bench_src))

.PHONY: all
all: $(programs)

# --- generated: SQL statements, schema version -------------------------------

gen := $(BUILD)/gen/sql.h $(BUILD)/gen/sql.c
# A statement that goes or is renamed leaves no newer file behind.
$(BUILD)/gen/sql.names: always
	@mkdir -p $(@D)
	@echo $(sql_src) | cmp -s - $@ || echo $(sql_src) >$@
.PHONY: always
$(BUILD)/gen/sql.h: sql/tools/sqlgen.awk sql/sqitch.plan $(sql_src) $(BUILD)/gen/sql.names $(MAKEFILE_LIST)
	@LC_ALL=C awk -v mode=h -f sql/tools/sqlgen.awk sql/sqitch.plan $(sql_src) >$@.tmp || \
		{ rm -f $@.tmp; exit 1; }
	@cmp -s $@.tmp $@ && rm $@.tmp && touch $@ || mv $@.tmp $@
$(BUILD)/gen/sql.c: $(BUILD)/gen/sql.h
	@LC_ALL=C awk -v mode=c -f sql/tools/sqlgen.awk sql/sqitch.plan $(sql_src) >$@
# Text files that are compiled in: sql/session/x.sql, api-server/openapi.json.
embed_src := $(wildcard sql/session/*.sql api-server/*.json)
$(BUILD)/gen/embed.c: $(embed_src) sql/tools/embed.awk
	@mkdir -p $(@D)
	@LC_ALL=C awk -v mode=c -f sql/tools/embed.awk $(embed_src) >$@
$(BUILD)/gen/embed.h: $(embed_src) sql/tools/embed.awk
	@mkdir -p $(@D)
	@LC_ALL=C awk -v mode=h -f sql/tools/embed.awk $(embed_src) >$@
gen_all := $(gen) $(BUILD)/gen/embed.c $(BUILD)/gen/embed.h

# --- compile and link --------------------------------------------------------

$(BUILD)/%.o: %.c | $(gen_all)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<
# Statements and documents are longer than the 4,095 bytes of ISO C's minimum.
$(BUILD)/gen/%.o: $(BUILD)/gen/%.c | $(gen_all)
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -Wno-overlength-strings -MMD -MP \
		-c -o $@ $<

$(BUILD)/libcommon.a: $(call obj,$(common_src)) $(BUILD)/gen/sql.o $(BUILD)/gen/embed.o
$(BUILD)/libapi.a: $(filter-out %/main.o,$(call obj,$(api_src)))
$(BUILD)/libdaemon.a: $(filter-out %/main.o,$(call obj,$(daemon_src)))
$(libs):
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/api-server/api-server: $(BUILD)/api-server/main.o $(BUILD)/libapi.a $(BUILD)/libcommon.a
$(BUILD)/enrich-daemon/enrich-daemon: $(BUILD)/enrich-daemon/main.o $(BUILD)/libdaemon.a $(BUILD)/libcommon.a
$(stub): $(call obj,$(stub_src)) $(BUILD)/libcommon.a
$(programs) $(stub):
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)
$(unit) $(bench): $(BUILD)/%: $(BUILD)/%.o $(libs)
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) $(libs) $(LIBS) -lcmocka
$(BUILD)/tests/bench/bench_queue: $(BUILD)/tests/bench/made_up.o
$(BUILD)/tests/bench/bench_match: $(patsubst %,$(BUILD)/tests/bench/%.o,namesake stand_in)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

include tests/tests.mk
include config/run.mk

# --- manual ------------------------------------------------------------------

# Of the configuration files the pages are made from their comments.
man := $(wildcard config/man/*.[1-9]) \
	$(patsubst config/%.yaml,$(BUILD)/man/%.yaml.5,$(wildcard config/*.yaml))
$(BUILD)/man/%.yaml.5: config/%.yaml config/man/conf-page.awk
	@mkdir -p $(@D)
	@LC_ALL=C awk -v name=$* -f config/man/conf-page.awk $< >$@

# --- the rest ----------------------------------------------------------------

# $(call install_text,directory,files): with the paths of this PREFIX in them.
install_text = install -d $(DESTDIR)$(PREFIX)/$(1) && for f in $(2); do \
	sed 's|/usr/local|$(PREFIX)|g' $$f | install -m 644 /dev/stdin \
	$(DESTDIR)$(PREFIX)/$(1)/$$(basename $$f) || exit 1; done

.PHONY: install clean help
install: all $(man)
	install -D -m 755 -t $(DESTDIR)$(PREFIX)/bin $(programs)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/rewatch/config config/*.yaml
	cp -r sql $(DESTDIR)$(PREFIX)/share/rewatch/
	install -d $(DESTDIR)$(PREFIX)/share/rewatch/web
	cp -r api-server/web/. $(DESTDIR)$(PREFIX)/share/rewatch/web/
	$(call install_text,share/rewatch/monitoring,config/monitoring/*)
	$(call install_text,lib/systemd/system,config/systemd/*.service)
	$(call install_text,share/man/man5,$(filter %.5,$(man)))
	$(call install_text,share/man/man7,$(filter %.7,$(man)))
	$(call install_text,share/man/man8,$(filter %.8,$(man)))

clean:
	rm -rf build build-*

## help: list the targets
help:
	@grep -hE '^## [a-z-]+:' $(MAKEFILE_LIST) | sed 's/^## /  make /'
