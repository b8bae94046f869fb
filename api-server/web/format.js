// Numbers and dates for people, in the locale of the browser. Dates of the API
// are days without a time zone: they are read by their parts, so that no zone
// moves them to the day before.

const integer = new Intl.NumberFormat();
const oneDigit = new Intl.NumberFormat(undefined, {
	minimumFractionDigits: 1, maximumFractionDigits: 1,
});
const twoDigits = new Intl.NumberFormat(undefined, {
	minimumFractionDigits: 2, maximumFractionDigits: 2,
});
const shortest = new Intl.NumberFormat(undefined, {
	maximumFractionDigits: 1,
});
const medium = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const minutes = new Intl.DateTimeFormat(undefined, {
	dateStyle: "medium", timeStyle: "short",
});
const monthLong = new Intl.DateTimeFormat(undefined, {
	month: "long", year: "numeric",
});
const monthShort = new Intl.DateTimeFormat(undefined, { month: "short" });
const weekdayLong = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const weekdayShort = new Intl.DateTimeFormat(undefined, { weekday: "short" });

export const count = (n) => integer.format(n);
export const average = (n) => twoDigits.format(n);
export const rating = (n) => shortest.format(n);
export const hours = (n) => integer.format(Math.round(n));
export const percent = (n) => `${shortest.format(n)} %`;

export function plural(n, one, many = `${one}s`) {
	return `${count(n)} ${n === 1 ? one : many}`;
}

export function signed(n) {
	return (n > 0 ? "+" : "\u2212") + twoDigits.format(Math.abs(n));
}

// "2024-02-29", "2024-02" or "2024" as a local Date.
export function day(text) {
	const [year, month = 1, dayOfMonth = 1] = text.split("-").map(Number);
	return new Date(year, month - 1, dayOfMonth);
}

export const date = (text) => medium.format(day(text));
export const month = (text) => monthLong.format(day(text));
export const monthName = (n) => monthShort.format(new Date(2024, n - 1, 1));
// 1 is Monday, as in ISO 8601; 2024 began on one.
export const weekday = (n) => weekdayLong.format(new Date(2024, 0, n));
export const weekdayName = (n) => weekdayShort.format(new Date(2024, 0, n));
// A point in time, with its zone.
export const moment = (text) => minutes.format(new Date(text));

export function isoDay(d) {
	const two = (n) => String(n).padStart(2, "0");
	return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

export function stars(n) {
	return "★".repeat(Math.floor(n)) + (n % 1 ? "½" : "");
}

export function runtime(total) {
	const h = Math.floor(total / 60);
	const m = total % 60;
	return [h ? `${h} h` : "", m || !h ? `${m} min` : ""].join(" ").trim();
}

export function remaining(seconds) {
	if (seconds < 60)
		return "less than a minute left";
	if (seconds < 5400)
		return `about ${Math.round(seconds / 60)} min left`;
	return `about ${oneDigit.format(seconds / 3600)} h left`;
}

export function bytes(n) {
	if (n < 1024)
		return `${n} bytes`;
	if (n < 1024 * 1024)
		return `${count(Math.round(n / 1024))} KB`;
	return `${oneDigit.format(n / 1024 / 1024)} MB`;
}

// The page is in English, and so are the names on it. Codes that TMDB uses and
// the tables of today do not know, or know as another country's.
const regions = new Intl.DisplayNames("en", { type: "region" });
const tongues = new Intl.DisplayNames("en", { type: "language" });
const formerCountries = {
	SU: "Soviet Union", XC: "Czechoslovakia", CS: "Serbia and Montenegro",
	YU: "Yugoslavia", XG: "East Germany", DD: "East Germany",
	XK: "Kosovo",
};
const otherLanguages = { xx: "No language", cn: "Cantonese", sh: "Serbo-Croatian" };

function name(table, names, code) {
	try {
		return table[code] ?? names.of(code) ?? code;
	} catch {
		return code;
	}
}

export const country = (code) => name(formerCountries, regions, code);
export const language = (code) => name(otherLanguages, tongues, code);
