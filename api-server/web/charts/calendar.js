// A year's days, darker with more viewings. On a narrow screen its halves
// stand below each other, so that a day stays large enough to touch.
import * as format from "../format.js";
import { chart } from "./chart.js";
import { base } from "./echarts.js";

const ROW = 7;
const GAP = 34; // the names of the months, and air
const LEFT = 38; // the names of the days
const NARROW = 560;

const halves = (width, year) => width < NARROW
	? [[`${year}-01-01`, `${year}-06-30`], [`${year}-07-01`, `${year}-12-31`]]
	: [[`${year}-01-01`, `${year}-12-31`]];

// A year touches 54 weeks at most, half of one 27.
const cell = (width) =>
	Math.floor((width - LEFT - 2) / (width < NARROW ? 27 : 54) * 10) / 10;

export const calendar = (controls) => chart({
	title: (data) => `Every day of ${data.year}`,
	height: (width, data) => Math.ceil(halves(width, data.year).length
		* (cell(width) * ROW + GAP)),
	option,
	summary,
	controls,
	table: (data) => ({
		head: ["Day", "Viewings"],
		rows: data.days.map((d) => [format.date(d.date),
			format.count(d.watches)]),
	}),
});

function option(data, t, width) {
	const size = cell(width);
	const ranges = halves(width, data.year);

	return {
		...base(t),
		tooltip: {
			...base(t).tooltip,
			formatter: ({ value }) => `${format.date(value[0])}<br><b>${
				format.plural(value[1], "viewing")}</b>`,
		},
		visualMap: {
			type: "piecewise", show: false, dimension: 1,
			pieces: t.levels.map((color, n) => n === 3
				? { gte: 4, color } : { value: n + 1, color }),
		},
		calendar: ranges.map((range, n) => ({
			range, left: LEFT, top: 22 + n * (size * ROW + GAP),
			cellSize: size, splitLine: { show: false },
			itemStyle: { color: t.well, borderColor: t.surface,
				borderWidth: 2 },
			yearLabel: { show: false },
			monthLabel: {
				color: t.muted, position: "start", align: "left",
				nameMap: Array.from({ length: 12 },
					(_, m) => format.monthName(m + 1)),
			},
			dayLabel: {
				color: t.muted, firstDay: 1,
				// From Sunday, every other one.
				nameMap: ["", format.weekdayName(1), "",
					format.weekdayName(3), "", format.weekdayName(5), ""],
			},
		})),
		series: ranges.map(([from, to], n) => ({
			type: "heatmap", coordinateSystem: "calendar",
			calendarIndex: n,
			data: data.days.filter((d) => d.date >= from && d.date <= to)
				.map((d) => [d.date, d.watches]),
		})),
	};
}

function summary(data) {
	const total = data.days.reduce((sum, d) => sum + d.watches, 0);

	return `Calendar of ${data.year}: ${format.plural(total, "viewing")} on ${
		format.plural(data.days.length, "day")}.`;
}
