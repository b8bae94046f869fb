/* The lines and the counts of imports. */
#include "api-server/import/import_log.h"

#include "common/base/attr.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_result.h"
#include "common/process/metrics.h"

static const char *const outcomes[IMPORT_ENDS] = {
	[IMPORT_COMMITTED] = "committed", [IMPORT_TRIED] = "tried",
	[IMPORT_REFUSED] = "refused",     [IMPORT_FAILED] = "failed",
	[IMPORT_UNDONE] = "undone",
};

/* Columns of the totals that are counted. */
static const char *const counted[] = { "new", "changed", "unchanged", "removed",
	                               "rejected" };

static struct metric imports = {
	.kind = METRIC_COUNTER,
	.name = "rewatch_imports_total",
	.help = "Imports by outcome.",
	.label = "outcome",
};
static struct metric import_rows = {
	.kind = METRIC_COUNTER,
	.name = "rewatch_import_rows_total",
	.help = "Rows of committed imports by what became of them.",
	.label = "what",
};

void import_log_register(void)
{
	metric_register(&imports);
	metric_register(&import_rows);
	for (size_t i = 0; i < IMPORT_ENDS; i++)
		metric_add_label(&imports, outcomes[i], 0);
	for (size_t i = 0; i < ARRAY_LEN(counted); i++)
		metric_add_label(&import_rows, counted[i], 0);
}

static void count_rows(const struct pg_rows *totals)
{
	for (size_t i = 0; i < ARRAY_LEN(counted); i++)
		metric_add_label(&import_rows, counted[i],
		                 (double)pg_int(totals, 0, counted[i]));
}

void import_log_done(const struct import_log *import, enum import_end outcome,
                     const struct pg_rows *totals)
{
	ensure(pg_count(totals) == 1);
	metric_add_label(&imports, outcomes[outcome], 1);
	if (outcome == IMPORT_COMMITTED)
		count_rows(totals);
	log_info(outcome == IMPORT_COMMITTED ? "import committed"
	         : outcome == IMPORT_TRIED   ? "import tried"
	                                     : "import undone",
	         log_str("request", import->request),
	         log_int("member", import->member),
	         log_int("import", pg_int(totals, 0, "import")),
	         log_str("file", pg_text(totals, 0, "file_name")),
	         log_int("bytes", pg_int(totals, 0, "bytes")),
	         log_int("rows", pg_int(totals, 0, "rows")),
	         log_int("new", pg_int(totals, 0, "new")),
	         log_int("changed", pg_int(totals, 0, "changed")),
	         log_int("removed", pg_int(totals, 0, "removed")),
	         log_int("rejected", pg_int(totals, 0, "rejected")),
	         log_int("films", pg_int(totals, 0, "films")),
	         log_int("films_gone", pg_int(totals, 0, "gone")),
	         log_int("ms", clock_ms() - import->begun_ms));
}

void import_log_not_done(const struct import_log *import,
                         enum import_end outcome, const char *reason,
                         const char *detail)
{
	metric_add_label(&imports, outcomes[outcome], 1);
	log_info(outcome == IMPORT_REFUSED ? "import refused" : "import failed",
	         log_str("reason", reason), log_str("detail", detail),
	         log_str("file", import->file),
	         log_int("bytes", (int64_t)import->bytes),
	         log_str("request", import->request),
	         log_int("member", import->member),
	         log_int("ms", clock_ms() - import->begun_ms));
}
