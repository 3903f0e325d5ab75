// The picture of a document's surroundings: drawn from the data of the API, lit by the list beside it and lighting it.
"use strict";
(() => {
  const place = document.querySelector("[data-graph]");
  if (!place) return;
  const box = place.querySelector(".picture");
  const said = place.querySelector(".lit-said");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const WIDTH = 136;
  const HEIGHT = 54;
  const MOST_BY_RANK = 60; // documents; beyond it layers grow wider than any screen
  const LIGHT = 150; // relations that dagre lays out at once; it takes seconds for those beyond HEAVY
  const HEAVY = 600;
  const MOST_LABELLED = 16;
  const MOST_IN_COLUMN = 14;
  const LARGEST = 1.1;
  const READABLE = 0.75;
  const SMALLEST = 0.55; // below it nothing can be read, and a part is better than the whole
  let cy;

  const colour = (name, part) => {
    const at = place.querySelector(`.${part}-${name}`);
    return at ? getComputedStyle(at).getPropertyValue(`--${part}`).trim() : "#55616d";
  };
  const words = (relation) => place.querySelector(`[data-relation="${relation}"]`).textContent;
  const day = (iso) => (iso ? iso.split("-").reverse().join("/") : box.dataset.undated);
  const short = (text) => (text.length > 34 ? `${text.slice(0, 33)}…` : text);

  function elements(graph) {
    const nodes = graph.nodes.map((one) => ({
      data: { ...one, label: `${short(one.label)}\n${day(one.date)}`, whole: [one.label, one.subject].filter(Boolean).join(" – ") },
      classes: one.steps === 0 ? `${one.state} middle` : one.state,
    }));
    const many = graph.edges.length > MOST_BY_RANK ? " many" : "";
    const edges = graph.edges.map((one, at) => ({
      data: { ...one, id: `e${at}`, label: words(one.relation) + (one.doubtful ? " ?" : ""), colour: colour(one.family, "family") },
      classes: one.family + many + (one.doubtful ? " doubtful" : ""),
    }));
    return [...nodes, ...edges];
  }

  const style = [
    { selector: "node", style: {
      shape: "round-rectangle", width: WIDTH, height: HEIGHT, "background-color": "#ffffff", "border-width": 2, "border-color": "#14406b",
      label: "data(label)", color: "#1c2733", "font-size": 12, "text-wrap": "wrap", "text-max-width": WIDTH - 8, "text-valign": "center", "line-height": 1.25 } },
    { selector: "node.replaced", style: { "background-color": "#fbe1e0", "border-color": "#8a1713", "border-style": "double", "border-width": 5 } },
    { selector: "node.wanted", style: { "background-color": "#fff3d6", "border-color": "#7a4b00", "border-style": "dashed" } },
    { selector: "node.ambiguous", style: { "background-color": "#f3f6f9", "border-color": "#55616d", "border-style": "dotted", "border-width": 3 } },
    { selector: "node.middle", style: { "background-color": "#14406b", color: "#ffffff" } },
    { selector: "node.year", style: { "background-opacity": 0, "border-width": 0, "font-size": 18, color: "#55616d", events: "no" } },
    { selector: "edge", style: {
      width: 2, "line-color": "data(colour)", "target-arrow-color": "data(colour)", "target-arrow-shape": "triangle", "curve-style": "bezier" } },
    { selector: "edge.many", style: { width: 1, opacity: 0.4, "curve-style": "straight" } },
    { selector: "edge.refers", style: { "line-style": "dashed", width: 1.5 } },
    { selector: "edge.ends", style: { width: 3 } },
    { selector: "edge.doubtful", style: { "line-style": "dotted", opacity: 0.7 } },
    { selector: "edge.told", style: {
      label: "data(label)", "font-size": 11, color: "#1c2733", "text-background-color": "#ffffff", "text-background-opacity": 0.9, "text-background-padding": 2, opacity: 1, "z-index": 9 } },
    { selector: ".dim", style: { opacity: 0.25 } },
    { selector: "node.lit", style: { "border-color": "#c22f00", "border-width": 5, "border-style": "solid" } },
  ];

  // By date: a column for each year, a new one where it grows too high; what has no date stands at the left.
  function byDate() {
    const dated = cy.nodes().not(".year").sort((a, b) => (a.data("date") || "").localeCompare(b.data("date") || ""));
    const spots = {};
    let column = -1;
    let row = 0;
    let year;
    cy.remove(".year");
    dated.forEach((node) => {
      const its = (node.data("date") || "").slice(0, 4);
      if (its !== year || row === MOST_IN_COLUMN) {
        column += 1;
        row = 0;
        if (its !== year) cy.add({ group: "nodes", data: { id: `y${its}`, label: its || box.dataset.undated }, classes: "year", position: { x: column * (WIDTH + 70), y: -HEIGHT * 1.4 } });
        year = its;
      }
      spots[node.id()] = { x: column * (WIDTH + 70), y: row * (HEIGHT + 26) };
      row += 1;
    });
    return { name: "preset", positions: (node) => spots[node.id()] || node.position() };
  }

  // In layers: what is carried out above what carries it out, or at its left where a layer is too wide to be read.
  function byLayer() {
    cy.remove(".year");
    const ways = cy.edges().length > LIGHT ? ["BT"] : ["BT", "RL"];
    const tried = ways.map((rankDir) => {
      run({ name: "dagre", rankDir, nodeSep: 24, rankSep: rankDir === "BT" ? 70 : 120, edgeSep: 12 });
      const all = cy.elements().boundingBox();
      const places = new Map(cy.nodes().map((node) => [node.id(), { ...node.position() }]));
      return { places, size: Math.min(LARGEST, box.clientWidth / all.w, box.clientHeight / all.h) };
    });
    const best = tried.reduce((one, other) => (other.size > one.size ? other : one));
    return { name: "preset", positions: (node) => best.places.get(node.id()) };
  }

  const run = (layout) => cy.layout({ ...layout, animate: false, fit: false }).run();

  function arrange(name) {
    run(name === "date" ? byDate() : byLayer());
    place.querySelectorAll("[data-layout]").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.layout === name)));
    fit();
  }

  // All of it, unless its words would be too small to read: then the middle, at a size that can be read.
  function fit() {
    cy.fit(undefined, 16);
    const whole = cy.zoom() >= SMALLEST;
    if (cy.zoom() > LARGEST) cy.zoom(LARGEST);
    if (!whole) cy.zoom(READABLE);
    cy.center(whole ? undefined : cy.nodes(".middle"));
  }

  function light(id, show) {
    const node = cy.getElementById(id);
    cy.elements().removeClass("lit told dim");
    place.querySelectorAll("[data-node][aria-current]").forEach((one) => one.removeAttribute("aria-current"));
    if (node.empty()) return tell();
    const near = node.closedNeighborhood();
    cy.elements().not(near).not(".year").addClass("dim");
    node.addClass("lit");
    near.edges().addClass("told");
    said.textContent = node.data("whole");
    const row = place.querySelector(`[data-node="${CSS.escape(id)}"]`);
    if (row) row.setAttribute("aria-current", "true");
    if (show) cy.animate({ center: { eles: node } }, { duration: still ? 0 : 200 });
    return row;
  }
  function tell() {
    if (cy.edges().length <= MOST_LABELLED) cy.edges().addClass("told");
    said.textContent = "\u00a0";
  }

  function listen() {
    const list = place.querySelector(".nodes");
    list.addEventListener("focusin", (event) => light(event.target.closest("[data-node]").dataset.node, true));
    list.addEventListener("click", (event) => {
      const row = event.target.closest("[data-node]");
      if (row && !event.target.closest("a")) row.querySelector("[data-pick]").focus();
    });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      const picks = [...list.querySelectorAll("[data-pick]")];
      const here = picks.indexOf(event.target.closest("[data-node]").querySelector("[data-pick]"));
      const next = picks[here + step];
      if (next) next.focus();
      event.preventDefault();
    });
    cy.on("tap", (event) => {
      const row = event.target === cy ? light("") : light(event.target.id(), false);
      if (row) row.querySelector("[data-pick]").focus();
    });
    place.addEventListener("click", (event) => {
      const at = event.target.closest("[data-layout], [data-step]");
      if (!at) return;
      if (at.dataset.layout) arrange(at.dataset.layout);
      else if (at.dataset.step === "fit") fit();
      else cy.zoom({ level: cy.zoom() * Number(at.dataset.step), renderedPosition: { x: box.clientWidth / 2, y: box.clientHeight / 2 } });
    });
  }

  async function draw() {
    const answer = await fetch(place.dataset.graph);
    if (!answer.ok) return;
    const graph = await answer.json();
    if (graph.nodes.length < 2) return;
    place.classList.add("drawn");
    place.querySelector(".canvas").hidden = false;
    cy = cytoscape({ container: box, elements: elements(graph), style, layout: { name: "preset" }, minZoom: 0.1, maxZoom: 3, boxSelectionEnabled: false, autounselectify: true });
    place.querySelector('[data-layout="dagre"]').disabled = graph.edges.length > HEAVY;
    arrange(graph.nodes.length > MOST_BY_RANK || graph.edges.length > LIGHT || graph.left_out ? "date" : "dagre");
    tell();
    listen();
    window.vanban.picture = cy;
  }
  draw();
})();
