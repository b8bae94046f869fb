/* Made-up titles: the same rows that tests/bench/made_up.c makes. */
import { deflateSync } from "node:zlib";

const PEOPLE = 20000;
const CAST = 12;
const CREW = [
	["Directing", "Director"],
	["Writing", "Screenplay"],
	["Camera", "Director of Photography"],
	["Sound", "Original Music Composer"],
];
const GENRES = ["Drama", "Comedy", "Horror", "Documentary", "Western"];
const PLACES = [["US", "en"], ["FR", "fr"], ["JP", "ja"], ["BR", "pt"]];
const OVERVIEW = "Somebody wants something, somebody else is in the way, " +
	"and in the end it turns out otherwise.";
/* As long as the compressed answer of bench_queue; nobody reads it. */
const RAW = deflateSync(Buffer.from(
	Array.from({ length: 700 }, (_, i) => (i * 7919 % 251).toString(36))
		.join("")));

function person(number) {
	return 1 + number % PEOPLE;
}

function two(number) {
	return String(number).padStart(2, "0");
}

export function columns(film) {
	const cast = Array.from({ length: CAST },
		(_, i) => person(film * 7 + i * 131));
	const crew = CREW.map((_, i) => person(Math.trunc(film / 5) + i * 977));
	const people = [...cast, ...crew];
	const [country, language] = PLACES[film % PLACES.length];

	return [
		film, `Film number ${film}`,
		`${1950 + film % 75}-${two(film % 12 + 1)}-${two(film % 28 + 1)}`,
		70 + film % 90, 100 + film % 5000, OVERVIEW, language,
		[GENRES[film % GENRES.length]], [country], [1],
		people, people.map((id) => `Given Family-${id}`),
		people.map((id) => id % 3),
		cast, cast.map(() => "Somebody"),
		crew, CREW.map(([department]) => department),
		CREW.map(([, job]) => job),
		[crew[0]], [crew[1]], RAW,
	];
}
