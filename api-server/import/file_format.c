/* Files that are no export, as people know them. */
#include "api-server/import/file_format.h"

#include <string.h>
#include <strings.h>

#define DOWNLOAD                                                               \
	"download the export from Letterboxd (Settings, Data, Export your "    \
	"data), and upload the ZIP that comes"
#define UNPACK                                                                 \
	"unpack it and upload the CSV files, or upload the ZIP as it was "     \
	"downloaded"
#define SAVE_AS_CSV                                                            \
	"save it as CSV UTF-8, or upload the ZIP as it was downloaded"

static const struct file_format rar = { "a RAR archive", UNPACK };
static const struct file_format seven_zip = { "a 7z archive", UNPACK };
static const struct file_format gzip = { "a gzip archive", UNPACK };
static const struct file_format tar = { "a tar archive", UNPACK };
static const struct file_format zip = {
	"a ZIP", "upload it alone, as it was downloaded"
};
static const struct file_format excel = { "an Excel file", SAVE_AS_CSV };
static const struct file_format open_document = { "an OpenDocument spreadsheet",
	                                          SAVE_AS_CSV };
static const struct file_format numbers = { "a Numbers file", SAVE_AS_CSV };
static const struct file_format word = { "a Word document", DOWNLOAD };
static const struct file_format web_page = {
	"a saved web page (<!doctype html>)", DOWNLOAD
};
static const struct file_format pdf = { "a PDF", DOWNLOAD };
static const struct file_format picture = { "a picture", DOWNLOAD };
static const struct file_format json = { "a JSON file", DOWNLOAD };

static const struct {
	struct str bytes;
	const struct file_format *format;
} magic[] = {
	{ { "Rar!\x1a\x07", 6 }, &rar },
	{ { "7z\xbc\xaf\x27\x1c", 6 }, &seven_zip },
	{ { "\x1f\x8b", 2 }, &gzip },
	{ { "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8 }, &excel },
	{ { "%PDF-", 5 }, &pdf },
	{ { "\xff\xd8\xff", 3 }, &picture },
	{ { "\x89PNG", 4 }, &picture },
	{ { "GIF8", 4 }, &picture },
};

/* In whatever case, behind blanks and a BOM. */
static const struct {
	const char *begin;
	const struct file_format *format;
} markup[] = {
	{ "<!doctype html", &web_page },
	{ "<html", &web_page },
};

static const struct {
	const char *ending;
	const struct file_format *format;
} endings[] = {
	{ "rar", &rar },
	{ "7z", &seven_zip },
	{ "gz", &gzip },
	{ "tgz", &gzip },
	{ "tar", &tar },
	{ "zip", &zip },
	{ "xlsx", &excel },
	{ "xlsm", &excel },
	{ "xls", &excel },
	{ "ods", &open_document },
	{ "fods", &open_document },
	{ "numbers", &numbers },
	{ "doc", &word },
	{ "docx", &word },
	{ "html", &web_page },
	{ "htm", &web_page },
	{ "mhtml", &web_page },
	{ "webarchive", &web_page },
	{ "pdf", &pdf },
	{ "jpg", &picture },
	{ "jpeg", &picture },
	{ "png", &picture },
	{ "gif", &picture },
	{ "webp", &picture },
	{ "heic", &picture },
	{ "bmp", &picture },
	{ "svg", &picture },
	{ "json", &json },
};

static const struct {
	const char *path;
	const struct file_format *format;
} inner[] = {
	{ "xl/workbook.xml", &excel },
	{ "xl/workbook.bin", &excel },
	{ "word/document.xml", &word },
	{ "Index/Document.iwa", &numbers },
	{ "META-INF/manifest.xml", &open_document },
};

static struct str behind_blanks(struct str s)
{
	if (str_starts(s, "\xef\xbb\xbf"))
		s = (struct str){ s.p + 3, s.n - 3 };
	return str_trim(s);
}

const struct file_format *file_format_of_bytes(struct str head)
{
	const struct str begin = behind_blanks(
		(struct str){ head.p, head.n < 200 ? head.n : 200 });

	for (size_t i = 0; i < ARRAY_LEN(magic); i++) {
		if (head.n >= magic[i].bytes.n &&
		    memcmp(head.p, magic[i].bytes.p, magic[i].bytes.n) == 0)
			return magic[i].format;
	}
	for (size_t i = 0; i < ARRAY_LEN(markup); i++) {
		const size_t n = strlen(markup[i].begin);

		if (begin.n >= n &&
		    strncasecmp(begin.p, markup[i].begin, n) == 0)
			return markup[i].format;
	}
	return NULL;
}

const struct file_format *file_format_of_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot != NULL && i < ARRAY_LEN(endings); i++) {
		if (strcasecmp(dot + 1, endings[i].ending) == 0)
			return endings[i].format;
	}
	return NULL;
}

static const struct file_format *of_inner(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(inner); i++) {
		if (strcmp(path, inner[i].path) == 0)
			return inner[i].format;
	}
	return NULL;
}

const struct file_format *file_format_of_listing(const struct listing *listing)
{
	for (size_t i = 0; i < listing->count; i++) {
		const struct file_format *format =
			of_inner(listing->files[i].path);

		if (format != NULL)
			return format;
	}
	return NULL;
}

bool file_format_refuse(struct upload_problem *problem,
                        const struct file_format *format)
{
	return upload_problem_set(
		problem, UPLOAD_NOT_AN_EXPORT,
		"The upload is %s, neither a ZIP nor a CSV of "
		"a Letterboxd export; %s",
		format->called, format->todo);
}
