// How films are rated, in half-stars.
import * as format from "../format.js";
import { href } from "../route.js";
import { chart } from "./chart.js";
import { bars, base, categories, values } from "./echarts.js";

export const ratings = () => chart({
	title: "Ratings",
	height: 200,
	option: (data, t) => ({
		...base(t),
		tooltip: {
			...base(t).tooltip,
			formatter: ({ name, value }) => `${format.stars(Number(name))}<br><b>${
				format.plural(value, "film")}</b>`,
		},
		xAxis: categories(t, data.map((r) => r.rating), {
			axisLabel: { color: t.muted, interval: 0,
				formatter: (n) => n % 1 ? "" : `${n} ★` },
		}),
		yAxis: values(t),
		series: [bars(t, data.map((r) => r.films), {
			barCategoryGap: "14%", barMaxWidth: 64,
			itemStyle: { color: t.gold, borderRadius: [3, 3, 0, 0] },
		})],
	}),
	summary: (data) => {
		const most = data.reduce((a, b) => b.films > a.films ? b : a);
		return `Films by rating; most have ${format.rating(most.rating)} stars: ${
			format.count(most.films)}.`;
	},
	table: (data) => ({
		head: ["Stars", "Films"],
		rows: data.map((r) => [format.rating(r.rating),
			format.count(r.films)]),
	}),
	click: ({ name }) => {
		location.hash = href("films", { rating: name });
	},
});
