// Viewings by month. Over several years a slider zooms, and a click on a bar
// goes to its year.
import * as format from "../format.js";
import { href } from "../route.js";
import { chart } from "./chart.js";
import { bars, base, categories, values } from "./echarts.js";

const ZOOM_FROM = 25; // months

export const months = () => chart({
	title: "Viewings by month",
	height: (width, data) => data.months.length > ZOOM_FROM ? 250 : 200,
	option,
	summary,
	table: (data) => ({
		head: ["Month", "Viewings"],
		rows: data.months.map((m) => [format.month(m.month),
			format.count(m.watches)]),
	}),
	click: (event, data) => {
		if (data.year === null)
			location.hash = href(event.name.slice(0, 4));
	},
});

// Months without a viewing are in the answer's gaps.
export function allMonths(stats, year) {
	const by = new Map(stats.by_month.map((m) => [m.month, m.watches]));
	const known = [...by.keys()];
	const first = year ? `${year}-01` : known[0];
	const last = year ? `${year}-12` : known.at(-1);
	const result = [];

	if (known.length === 0)
		return [];
	for (const d = format.day(first); ; d.setMonth(d.getMonth() + 1)) {
		const month = format.isoDay(d).slice(0, 7);
		result.push({ month, watches: by.get(month) ?? 0 });
		if (month === last)
			return result;
	}
}

function option(data, t) {
	const zoomed = data.months.length > ZOOM_FROM;
	const label = (month) => data.year
		? format.monthName(Number(month.slice(5))) : month.slice(0, 4);

	return {
		...base(t),
		// Room for half of the last year's name.
		grid: { left: 2, right: zoomed ? 14 : 2, top: 12, bottom: zoomed ? 44 : 2,
			containLabel: true },
		tooltip: {
			...base(t).tooltip, trigger: "axis",
			axisPointer: { type: "shadow" },
			formatter: ([bar]) => `${format.month(bar.name)}<br><b>${
				format.plural(bar.value, "viewing")}</b>`,
		},
		xAxis: categories(t, data.months.map((m) => m.month), {
			axisLabel: {
				color: t.muted, hideOverlap: true, formatter: label,
				interval: data.year ? 0
					: (n, month) => month.endsWith("-01") || n === 0,
			},
		}),
		yAxis: values(t),
		series: [bars(t, data.months.map((m) => m.watches), {
			barCategoryGap: zoomed ? "18%" : "28%",
		})],
		dataZoom: zoomed ? [zoom(t, label)] : [],
	};
}

function zoom(t, label) {
	return {
		type: "slider", bottom: 4, height: 22, left: 16, right: 16,
		borderColor: "transparent", backgroundColor: t.well,
		fillerColor: "transparent", brushSelect: false,
		dataBackground: {
			lineStyle: { opacity: 0 },
			areaStyle: { color: t.muted, opacity: 0.25 },
		},
		selectedDataBackground: {
			lineStyle: { opacity: 0 },
			areaStyle: { color: t.accent, opacity: 0.45 },
		},
		handleStyle: { color: t.surface, borderColor: t.muted },
		moveHandleSize: 0, minValueSpan: 11,
		textStyle: { color: t.muted, fontSize: 11 },
		labelFormatter: (n, month) => label(month),
	};
}

function summary(data) {
	const most = data.months.reduce((a, b) => b.watches > a.watches ? b : a);
	const total = data.months.reduce((sum, m) => sum + m.watches, 0);

	return `Viewings by month: ${format.count(total)} in ${
		format.plural(data.months.length, "month")}, most in ${
		format.month(most.month)} with ${format.count(most.watches)}.`;
}
