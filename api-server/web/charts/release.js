// Films by their year or decade of release: how many, or how they are rated.
import * as format from "../format.js";
import { href } from "../route.js";
import { chart } from "./chart.js";
import { bars, base, categories, values } from "./echarts.js";

export const release = (controls) => chart({
	title: "By release",
	height: 200,
	option,
	summary,
	controls,
	table: (data) => ({
		head: [data.decades ? "Decade" : "Year", "Films", "Rated", "Average"],
		rows: spans(data).filter((s) => s.films).map((s) => [s.name,
			format.count(s.films), format.count(s.rated),
			s.rated ? format.average(s.average_rating) : "–"]),
	}),
	click: ({ name }) => {
		location.hash = href("films", { decade: name.slice(0, 3) + "0",
			sort: "year" });
	},
});

// Years without a film are in the answer's gaps.
function spans(data) {
	const by = data.decades ? data.by_decade : data.by_release_year;
	const key = data.decades ? "decade" : "year";
	const step = data.decades ? 10 : 1;
	const known = new Map(by.map((s) => [s[key], s]));
	const result = [];

	if (by.length === 0)
		return [];
	for (let n = by[0][key]; n <= by.at(-1)[key]; n += step) {
		result.push({ films: 0, rated: 0, average_rating: null,
			...known.get(n), name: data.decades ? `${n}s` : String(n) });
	}
	return result;
}

function option(data, t) {
	const all = spans(data);
	const value = (s) => data.rated ? s.average_rating : s.films;

	return {
		...base(t),
		tooltip: {
			...base(t).tooltip, trigger: "axis",
			axisPointer: { type: "shadow" },
			formatter: ([{ dataIndex }]) => tip(all[dataIndex]),
		},
		xAxis: categories(t, all.map((s) => s.name)),
		yAxis: values(t, data.rated ? { min: 0, max: 5, interval: 1 } : {}),
		series: [bars(t, all.map(value), {
			barCategoryGap: all.length > 40 ? "12%" : "28%",
			itemStyle: { color: data.rated ? t.gold : t.accent,
				borderRadius: [3, 3, 0, 0] },
		})],
	};
}

function tip(s) {
	const rated = s.rated
		? `<br>★ ${format.average(s.average_rating)} (${
			format.count(s.rated)} rated)` : "";
	return `${s.name}<br><b>${format.plural(s.films, "film")}</b>${rated}`;
}

function summary(data) {
	const all = spans(data);
	const most = all.reduce((a, b) => b.films > a.films ? b : a);

	return `Films by ${data.decades ? "decade" : "year"} of release, ${
		all[0].name} to ${all.at(-1).name}; most from ${most.name}: ${
		format.count(most.films)}.`;
}
