// Viewings by day of the week, Monday first.
import * as format from "../format.js";
import { chart } from "./chart.js";
import { bars, base, categories, values } from "./echarts.js";

export const weekdays = () => chart({
	title: "By weekday",
	height: 200,
	option: (days, t) => ({
		...base(t),
		tooltip: {
			...base(t).tooltip,
			formatter: ({ dataIndex, value }) =>
				`${format.weekday(dataIndex + 1)}<br><b>${
					format.plural(value, "viewing")}</b>`,
		},
		xAxis: categories(t, days.map((d) => format.weekdayName(d.weekday)), {
			axisLabel: { color: t.muted, interval: 0 },
		}),
		yAxis: values(t),
		series: [bars(t, days.map((d) => d.watches))],
	}),
	summary: (days) => {
		const most = days.reduce((a, b) => b.watches > a.watches ? b : a);
		return `Viewings by weekday; most on ${
			format.weekday(most.weekday)} with ${format.count(most.watches)}.`;
	},
	table: (days) => ({
		head: ["Day", "Viewings"],
		rows: days.map((d) => [format.weekday(d.weekday),
			format.count(d.watches)]),
	}),
});
