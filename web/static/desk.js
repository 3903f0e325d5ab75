// The review desk: Enter accepts, candidates by Alt and a digit, a box drawn on the scan is read again.
"use strict";
(() => {
  const { csrf, light } = window.vanban;
  const review = document.getElementById("review");
  const fields = [...review.querySelectorAll("[data-field]")];
  const said = document.getElementById("spot-said");
  let last = review.querySelector("[aria-invalid]") || review.querySelector(".asked [data-field]") || fields[0];
  const draft = window.vanban.draft(review, fields);

  review.addEventListener("focusin", (event) => { if (event.target.dataset.field) last = event.target; });
  // Enter accepts only what was looked at: never a key that is held down, and not right after the page came up.
  const PAUSE = 600;
  let since = Infinity;
  const up = () => { since = document.hidden ? Infinity : performance.now(); };
  // Shown means with its scan; on a slow line the fields alone have stood long enough after a while.
  const scan = document.querySelector(".viewer .paper img");
  const there = !scan || scan.complete ? Promise.resolve() : new Promise((done) => {
    ["load", "error"].forEach((name) => scan.addEventListener(name, done, { once: true }));
    setTimeout(done, 5000);
  });
  there.then(() => {
    requestAnimationFrame(up);
    document.addEventListener("visibilitychange", up);
  });
  addEventListener("pageshow", (event) => { if (event.persisted) requestAnimationFrame(up); });
  review.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const soon = performance.now() - since < PAUSE || since === Infinity;
    if (!event.repeat && !soon) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // A held key goes on for as long as it is held, whatever the browser calls it.
    if (since !== Infinity) since = performance.now();
    document.getElementById("too-soon").hidden = false;
  }, true);
  review.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const confirm = review.querySelector("[data-confirm]");
    if (event.altKey && event.key === "Enter" && confirm) {
      event.preventDefault();
      review.requestSubmit(confirm);
      return;
    }
    if (event.altKey && /^[1-9]$/.test(event.key) && event.target.dataset.field) {
      const choice = event.target.closest(".field").querySelectorAll("[data-put]")[event.key - 1];
      if (choice) { event.preventDefault(); choice.click(); }
    }
    if (event.key === "Enter" && event.target.tagName === "TEXTAREA" && ("enter" in event.target.dataset || event.ctrlKey)) {
      event.preventDefault();
      review.requestSubmit();
    }
  });
  let sent = false;
  review.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    draft.sent();
  });
  addEventListener("pageshow", () => { sent = false; });

  const later = review.querySelector("[data-later]");
  later?.addEventListener("click", () => draft.drop());
  document.addEventListener("keydown", (event) => {
    if (!later || !event.altKey || event.repeat || event.code !== "KeyS") return;
    event.preventDefault();
    later.click();
  });

  if (last) last.focus({ preventScroll: true });
  addEventListener("load", () => document.activeElement === last && last && light(last.dataset.field, true));

  // The document is kept for this clerk while the page is open.
  if (review.dataset.keep) {
    setInterval(() => {
      if (!document.hidden) fetch(review.dataset.keep, { method: "POST", headers: { "X-CSRFToken": csrf(), "X-Vanban": "1" } });
    }, 60_000);
  }

  // While this document is looked at, the pages of the next one are drawn.
  if (review.dataset.ahead) there.then(() => setTimeout(() => {
    fetch(review.dataset.ahead, { headers: { "X-Vanban": "1" } }).then((answer) => answer.text()).catch(() => {});
  }, 200));

  // A box drawn on the page is read again for the field that was touched last; what is read is offered, never put in.
  const svg = "http://www.w3.org/2000/svg";
  let start = null;
  let drawn = null;
  const at = (event, paper) => {
    const frame = paper.getBoundingClientRect();
    const part = (value) => Math.max(0, Math.min(1, value));
    return [part((event.clientX - frame.left) / frame.width), part((event.clientY - frame.top) / frame.height)];
  };
  document.querySelectorAll(".viewer .paper:not(.text)").forEach((paper) => {
    paper.classList.add("drawable");
    paper.addEventListener("dragstart", (event) => event.preventDefault());
    paper.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.pointerType === "touch") return;
      event.preventDefault();
      start = at(event, paper);
      paper.setPointerCapture(event.pointerId);
      paper.querySelectorAll(".drawn").forEach((old) => old.remove());
      drawn = document.createElementNS(svg, "rect");
      drawn.setAttribute("class", "drawn");
      paper.querySelector("svg").append(drawn);
    });
    paper.addEventListener("pointermove", (event) => {
      if (!start) return;
      const [x, y] = at(event, paper);
      drawn.setAttribute("x", Math.min(x, start[0]));
      drawn.setAttribute("y", Math.min(y, start[1]));
      drawn.setAttribute("width", Math.abs(x - start[0]));
      drawn.setAttribute("height", Math.abs(y - start[1]));
    });
    paper.addEventListener("pointerup", (event) => {
      if (!start) return;
      const [x, y] = at(event, paper);
      const box = { left: Math.min(x, start[0]), top: Math.min(y, start[1]), right: Math.max(x, start[0]), bottom: Math.max(y, start[1]) };
      start = null;
      if (box.right - box.left < 0.01 || box.bottom - box.top < 0.005) { drawn.remove(); return; }
      read(paper.closest(".sheet").id.split("-").pop(), box, last);
    });
  });
  async function read(page, box, field) {
    if (!field) return;
    const body = new FormData();
    Object.entries({ ...box, page, field: field.name }).forEach(([name, value]) => body.append(name, value));
    said.textContent = review.dataset.busy;
    const answer = await fetch(review.dataset.spot, { method: "POST", body, headers: { "X-CSRFToken": csrf(), "X-Vanban": "1" } });
    const told = await answer.json();
    if (!answer.ok) { said.textContent = told.title; return; }
    said.textContent = told.values.length ? `${review.dataset.read}: ${told.values.join(" · ")}` : review.dataset.nothing;
    if (told.values.length) offer(field, told.values);
    field.focus({ preventScroll: true });
  }
  function offer(field, values) {
    const block = field.closest(".field");
    block.querySelector(".spot")?.remove();
    const line = document.createElement("p");
    line.className = "candidates spot";
    line.append(`${review.dataset.read}: `);
    values.forEach((value) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-outline-primary";
      button.dataset.put = field.id;
      button.dataset.value = value;
      button.textContent = value;
      line.append(button, " ");
    });
    // Before the values that the paper came with: Alt and a digit reach these first.
    const older = block.querySelector(".candidates");
    older ? older.before(line) : block.append(line);
    block.querySelectorAll("[data-put]").forEach((button, at) => { button.title = `Alt+${at + 1}`; });
  }

  // Esc takes the value back that a button has put in, and then what is offered of a box.
  const before = new WeakMap();
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-put]");
    const field = button && document.getElementById(button.dataset.put);
    if (field && !before.has(field)) before.set(field, field.value);
  }, true);
  review.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Escape" || event.isComposing || !field.dataset.field) return;
    const spot = field.closest(".field").querySelector(".spot");
    if (before.has(field)) {
      event.preventDefault();
      field.value = before.get(field);
      before.delete(field);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (spot) {
      event.preventDefault();
      spot.remove();
    }
  });
})();
