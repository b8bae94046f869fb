// A chart with its title, its text for those who do not see it, and its numbers
// as a table on demand. It is drawn when it has data, room, and ECharts; when
// ECharts cannot be had, the table stands in.
//
// kind:	title		text, or a function of the data
//	height		in pixels, or a function of (width, data)
//	option(data, theme, width)	what ECharts is given
//	summary(data)	one sentence that says what the picture says
//	table(data)	{ head: [...], rows: [[...], ...] }
//	click(value, data)	what a click on a bar does; optional
//	controls	elements beside the title; optional
import { el, fill, whenChanged } from "../dom.js";
import { panel } from "../panels/panel.js";
import { echarts, prefersDark, theme } from "./echarts.js";

const NARROW = 560;

export function chart(kind) {
	const canvas = el("div", { class: "chart", role: "img" });
	const numbers = el("div", { class: "chart-table", hidden: true });
	const toggle = el("button", {
		class: "quiet", type: "button", "aria-expanded": "false",
		onclick: () => showTable(numbers.hidden),
	}, "Table");
	const frame = panel("", [...(kind.controls ?? []), toggle]);
	let instance = null;
	let data = null;
	let narrow = null;

	frame.body.append(canvas, numbers);

	function showTable(shown) {
		numbers.hidden = !shown;
		canvas.hidden = shown;
		toggle.setAttribute("aria-expanded", String(shown));
		toggle.textContent = shown ? "Chart" : "Table";
		if (!shown)
			draw();
	}

	function height() {
		return typeof kind.height === "function"
			? kind.height(canvas.clientWidth, data) : kind.height;
	}

	async function draw() {
		if (data === null || canvas.clientWidth === 0)
			return;
		canvas.style.height = `${height()}px`;
		try {
			const library = await echarts();
			instance ??= start(library);
		} catch {
			showTable(true);
			toggle.hidden = true;
			return;
		}
		narrow = canvas.clientWidth < NARROW;
		instance.resize();
		instance.setOption(kind.option(data, theme(), canvas.clientWidth),
			{ notMerge: true });
	}

	function start(library) {
		const made = library.init(canvas, null, { renderer: "svg" });

		if (kind.click)
			made.on("click", (event) => kind.click(event, data));
		return made;
	}

	// A change of width redraws where the layout depends on it.
	new ResizeObserver(() => {
		if (instance === null || narrow !== canvas.clientWidth < NARROW)
			draw();
		else if (canvas.clientWidth > 0)
			instance.resize();
	}).observe(canvas);
	prefersDark.addEventListener("change", draw);

	const update = whenChanged((now) => {
		data = now;
		frame.title(typeof kind.title === "function"
			? kind.title(data) : kind.title);
		canvas.setAttribute("aria-label", kind.summary(data));
		fill(numbers, tableOf(kind.table(data)));
		draw();
	});
	return { element: frame.element, update };
}

function tableOf({ head, rows }) {
	return el("table", {},
		el("thead", {}, el("tr", {}, head.map((text) =>
			el("th", { scope: "col" }, text)))),
		el("tbody", {}, rows.map(([first, ...rest]) => el("tr", {},
			el("th", { scope: "row" }, first),
			rest.map((text) => el("td", {}, text))))));
}
