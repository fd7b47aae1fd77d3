/**
 * Where the boxes and lines of a trace are drawn. Pure functions: the server decides
 * which boxes there are and in which column each stands, this file only the rest.
 */

export const BOX = { width: 168, height: 56, gapX: 56, gapY: 16 };
/** Room of a line that passes through a column in which it has no box. */
const LANE = 18;
const HEADER = 32;
const MARGIN = 12;
const SWEEPS = 6;

/**
 * Return the graph with the boxes of several serials in `keys` replaced by one box a
 * serial.
 *
 * @param {{nodes: Object[], edges: Object[]}} graph
 * @param {Set<string>} keys of the boxes to open
 * @param {(lotId: number) => string} nameOf
 */
export function expandUnits(graph, keys, nameOf) {
    const parts = {};
    const nodes = graph.nodes.flatMap((node) => {
        if (!keys.has(node.key)) {
            return [node];
        }
        parts[node.key] = node.lot_ids.map((lotId) => ({
            ...node,
            key: `${node.key}/${lotId}`,
            label: nameOf(lotId),
            lot_ids: [lotId],
            count: 1,
            res_model: "stock.lot",
            res_id: lotId,
        }));
        return parts[node.key];
    });
    const edges = graph.edges.flatMap((edge) => {
        const open = parts[edge.source] || parts[edge.target];
        if (!open) {
            return [edge];
        }
        return open.map(({ key }) => ({
            ...edge,
            source: parts[edge.source] ? key : edge.source,
            target: parts[edge.target] ? key : edge.target,
            units: 1,
        }));
    });
    return { nodes, edges };
}

/**
 * Return boxes and lines with their places, in pixels.
 *
 * @param {{nodes: Object[], edges: Object[]}} graph
 * @returns {{width: number, height: number, boxes: Object[], lines: Object[],
 *            headings: Object[]}}
 */
export function layOut(graph) {
    const points = new Map();
    for (const node of graph.nodes) {
        points.set(node.key, { node, column: node.column, next: [], previous: [] });
    }
    const routes = graph.edges.map((edge) => route(edge, points));
    const columns = toColumns(points);
    order(columns);
    const height = place(columns);
    return {
        width: MARGIN * 2 + columns.length * (BOX.width + BOX.gapX) - BOX.gapX,
        height,
        boxes: [...points.values()].filter((point) => point.node),
        lines: routes.map((line) => draw(line)),
        headings: headings(graph.nodes),
    };
}

/** Return the points that a line passes, adding those it needs between its ends. */
function route(edge, points) {
    const source = points.get(edge.source);
    const target = points.get(edge.target);
    const passed = [source];
    for (let column = source.column + 1; column < target.column; column++) {
        const lane = { node: null, column, next: [], previous: [] };
        points.set(lane, lane);
        passed.push(lane);
    }
    passed.push(target);
    if (source.column < target.column) {
        for (let i = 1; i < passed.length; i++) {
            passed[i - 1].next.push(passed[i]);
            passed[i].previous.push(passed[i - 1]);
        }
    }
    return { edge, passed };
}

function toColumns(points) {
    const columns = [];
    for (const point of points.values()) {
        (columns[point.column] ||= []).push(point);
    }
    return Array.from(columns, (column) => column || []);
}

/** Sort each column so that few lines cross: by the mean rank of the neighbours. */
function order(columns) {
    const number = (column) => column.forEach((point, rank) => (point.rank = rank));
    columns.forEach(number);
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
        const side = sweep % 2 ? "next" : "previous";
        for (const column of sweep % 2 ? [...columns].reverse() : columns) {
            for (const point of column) {
                const ranks = point[side].map((other) => other.rank);
                point.weight = ranks.length
                    ? ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length
                    : point.rank;
            }
            column.sort((a, b) => a.weight - b.weight);
            number(column);
        }
    }
}

/** Give each point its place, columns centred; return the height of the whole. */
function place(columns) {
    const size = (point) => (point.node ? BOX.height : LANE) + BOX.gapY;
    const heights = columns.map((column) =>
        column.reduce((sum, point) => sum + size(point), 0)
    );
    const tallest = Math.max(0, ...heights);
    columns.forEach((column, index) => {
        let y = HEADER + MARGIN + (tallest - heights[index]) / 2;
        for (const point of column) {
            point.x = MARGIN + index * (BOX.width + BOX.gapX);
            point.y = y;
            point.middle = y + (size(point) - BOX.gapY) / 2;
            y += size(point);
        }
    });
    return HEADER + MARGIN * 2 + tallest + BOX.gapY;
}

/**
 * Return two names so that a reader sees where they differ.
 *
 * @example shortRange("3520990000001", "3520990000040") === "…00001 – …00040"
 */
export function shortRange(first, last) {
    const most = 9;
    let same = 0;
    while (same < first.length && first[same] === last[same]) {
        same++;
    }
    const cut = first.length + last.length > 2 * most ? Math.max(0, same - 3) : 0;
    const short = (name) => (cut ? `…${name.slice(cut)}` : name);
    return `${short(first)} – ${short(last)}`;
}

/** Return a line as an SVG path, with the place of its label. */
function draw({ edge, passed }) {
    const [source] = passed;
    const target = passed[passed.length - 1];
    if (source.column >= target.column) {
        return drawBack(edge, source, target);
    }
    let path = `M ${source.x + BOX.width} ${source.middle}`;
    for (let i = 1; i < passed.length; i++) {
        const from = passed[i - 1].x + BOX.width;
        const { x, middle } = passed[i];
        const half = (from + x) / 2;
        path += ` C ${half} ${passed[i - 1].middle} ${half} ${middle} ${x} ${middle}`;
        if (i < passed.length - 1) {
            path += ` H ${x + BOX.width}`;
        }
    }
    const [first, second] = passed;
    return {
        edge,
        path,
        width: thickness(edge),
        labelX: (first.x + BOX.width + second.x) / 2,
        labelY: (first.middle + second.middle) / 2,
    };
}

/** Draw a line that leads back to the left, or down, under the boxes. */
function drawBack(edge, source, target) {
    const x1 = source.x + BOX.width / 2;
    const x2 = target.x + BOX.width / 2;
    const y1 = source.y + BOX.height;
    const y2 = target.y + BOX.height;
    const low = Math.max(y1, y2) + BOX.gapY;
    return {
        edge,
        path: `M ${x1} ${y1} C ${x1} ${low} ${x2} ${low} ${x2} ${y2}`,
        width: thickness(edge),
        labelX: (x1 + x2) / 2,
        labelY: low - 6,
    };
}

function thickness(edge) {
    const amounts = Object.values(edge.quantities || {});
    const amount = amounts.reduce((sum, each) => sum + each, edge.units);
    return 1.5 + Math.log10(1 + Math.max(0, amount));
}

/** Return one heading for each stage of each round, over all its columns. */
function headings(nodes) {
    const found = new Map();
    for (const { stage, round, column } of nodes) {
        const key = `${round}/${stage}`;
        const heading = found.get(key) || { key, stage, round, first: column, last: column };
        heading.first = Math.min(heading.first, column);
        heading.last = Math.max(heading.last, column);
        found.set(key, heading);
    }
    return [...found.values()].map((heading) => ({
        ...heading,
        x: MARGIN + heading.first * (BOX.width + BOX.gapX),
        width: (heading.last - heading.first) * (BOX.width + BOX.gapX) + BOX.width,
    }));
}
