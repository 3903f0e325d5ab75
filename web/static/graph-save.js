// The picture of a document's surroundings as an SVG element: printed in place of the canvas, downloaded as SVG and PNG.
"use strict";
(() => {
  const place = document.querySelector("[data-graph]");
  if (!place) return;
  const SPACE = "http://www.w3.org/2000/svg";
  const EDGE = 20; // model units of white around the picture
  const LINE = 15; // height of a line of a label
  const DASHES = { dashed: "6 4", dotted: "2 3" };
  const FONT = "system-ui, sans-serif";

  function make(name, attributes, text) {
    const made = document.createElementNS(SPACE, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, String(value)));
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // A label broken into lines of at most so many characters, as the canvas does by width.
  function lines(label, most) {
    const found = [];
    label.split("\n").forEach((part) => {
      let line = "";
      part.split(" ").forEach((word) => {
        if (line && line.length + word.length + 1 > most) {
          found.push(line);
          line = word;
        } else line = line ? `${line} ${word}` : word;
      });
      found.push(line);
    });
    return found;
  }

  function node(one) {
    const { x, y } = one.position();
    const group = make("g", {});
    const quiet = one.hasClass("year");
    const [width, height] = [one.width(), one.height()];
    if (!quiet) {
      const kind = one.style("border-style");
      const shape = {
        x: x - width / 2, y: y - height / 2, width, height, rx: 8, fill: one.style("background-color"),
        stroke: one.style("border-color"), "stroke-width": kind === "double" ? 2 : parseFloat(one.style("border-width")),
      };
      if (DASHES[kind]) shape["stroke-dasharray"] = DASHES[kind];
      group.append(make("rect", shape));
      if (kind === "double") group.append(make("rect", { ...shape, x: shape.x + 4, y: shape.y + 4, width: width - 8, height: height - 8, rx: 5, fill: "none" }));
    }
    const told = lines(one.data("label") || one.id().slice(1), quiet ? 40 : 20);
    told.forEach((line, at) => group.append(make("text", {
      x, y: y + (at - (told.length - 1) / 2) * LINE + 4, "text-anchor": "middle", "font-size": parseFloat(one.style("font-size")),
      "font-family": FONT, fill: one.style("color"),
    }, line)));
    if (one.data("whole")) group.append(make("title", {}, one.data("whole")));
    return group;
  }

  function edge(one) {
    const [from, to] = [one.sourceEndpoint(), one.targetEndpoint()];
    const colour = one.data("colour");
    const group = make("g", {});
    const line = { x1: from.x, y1: from.y, x2: to.x, y2: to.y, stroke: colour, "stroke-width": parseFloat(one.style("width")) };
    const kind = one.style("line-style");
    if (DASHES[kind]) line["stroke-dasharray"] = DASHES[kind];
    group.append(make("line", line));
    const angle = Math.atan2(to.y - from.y, to.x - from.x);
    const corner = (turn, size) => `${to.x - size * Math.cos(angle + turn)},${to.y - size * Math.sin(angle + turn)}`;
    group.append(make("polygon", { points: `${to.x},${to.y} ${corner(0.4, 9)} ${corner(-0.4, 9)}`, fill: colour }));
    if (one.hasClass("told")) group.append(make("text", {
      x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 + 4, "text-anchor": "middle", "font-size": 11, "font-family": FONT, fill: "#1c2733",
      stroke: "#ffffff", "stroke-width": 4, "paint-order": "stroke",
    }, one.data("label")));
    return group;
  }

  function picture(cy) {
    const { x1, y1, w, h } = cy.elements().boundingBox();
    const [width, height] = [w + 2 * EDGE, h + 2 * EDGE];
    const made = make("svg", { xmlns: SPACE, width, height, viewBox: `${x1 - EDGE} ${y1 - EDGE} ${width} ${height}`, role: "img" });
    made.append(make("title", {}, document.title));
    made.append(make("rect", { x: x1 - EDGE, y: y1 - EDGE, width, height, fill: "#ffffff" }));
    cy.edges().forEach((one) => made.append(edge(one)));
    cy.nodes().forEach((one) => made.append(node(one)));
    return made;
  }

  function save(blob, ending) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${place.dataset.name}.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  place.addEventListener("click", (event) => {
    const at = event.target.closest("[data-save]");
    const cy = window.vanban.picture;
    if (!at || !cy) return;
    if (at.dataset.save === "svg") save(new Blob([new XMLSerializer().serializeToString(picture(cy))], { type: "image/svg+xml" }), "svg");
    else save(cy.png({ full: true, scale: 2, bg: "#ffffff", output: "blob", maxWidth: 8000, maxHeight: 8000 }), "png");
  });
  window.addEventListener("beforeprint", () => {
    const cy = window.vanban.picture;
    if (cy) place.querySelector(".printed-picture").replaceChildren(picture(cy));
  });
})();
