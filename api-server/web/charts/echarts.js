// Apache ECharts, fetched when the first chart is wanted, and the colours and
// type that all charts share. The colours are those of css/theme.css, so that
// light and dark are decided in one place.

let loading = null;

export function echarts() {
	loading ??= import("../vendor/echarts.esm.min.js");
	return loading;
}

export function theme() {
	const style = getComputedStyle(document.documentElement);
	const colour = (name) => style.getPropertyValue(`--${name}`).trim();

	return {
		text: colour("text"), muted: colour("muted"), line: colour("line"),
		well: colour("well"), surface: colour("surface"),
		accent: colour("accent"), gold: colour("gold-fill"),
		levels: [1, 2, 3, 4].map((n) => colour(`level-${n}`)),
		font: getComputedStyle(document.body).fontFamily,
	};
}

export const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");

// What the options of every chart begin with.
export function base(t) {
	return {
		animation: !lessMotion.matches,
		animationDuration: 400,
		animationDurationUpdate: 300,
		textStyle: { fontFamily: t.font, color: t.muted, fontSize: 12 },
		grid: { left: 2, right: 2, top: 12, bottom: 2, containLabel: true },
		tooltip: {
			confine: true,
			backgroundColor: t.surface,
			borderColor: t.line,
			padding: [6, 10],
			textStyle: { color: t.text, fontSize: 13 },
			extraCssText: "box-shadow: 0 4px 16px rgb(0 0 0 / .12)",
		},
	};
}

export function categories(t, names, more) {
	return {
		type: "category", data: names,
		axisLine: { lineStyle: { color: t.line } },
		axisTick: { show: false },
		axisLabel: { color: t.muted, hideOverlap: true },
		...more,
	};
}

export function values(t, more) {
	return {
		type: "value", minInterval: 1, splitNumber: 3,
		axisLabel: { color: t.muted },
		splitLine: { lineStyle: { color: t.line } },
		...more,
	};
}

export function bars(t, data, more) {
	return {
		type: "bar", data, barCategoryGap: "28%", barMaxWidth: 42,
		itemStyle: { color: t.accent, borderRadius: [3, 3, 0, 0] },
		emphasis: { itemStyle: { color: t.text } },
		...more,
	};
}
