// The pages' own behaviour: evidence on the scan, the review form, uploads with progress, suggestions.
"use strict";
(() => {
  const csrf = () => document.querySelector('meta[name="csrf"]').content;

  // Evidence: a field or a citation lights its boxes and the viewer goes there.
  function light(name, zoom) {
    const viewer = document.querySelector(".viewer");
    if (!viewer) return;
    viewer.querySelectorAll(".mark.lit").forEach((mark) => mark.classList.remove("lit"));
    const marks = [...viewer.querySelectorAll(`[data-mark="${CSS.escape(name)}"]`)];
    if (!marks.length) return;
    marks.forEach((mark) => mark.classList.add("lit"));
    if (zoom) setZoom(1);
    const place = marks[0].getBoundingClientRect();
    const frame = viewer.getBoundingClientRect();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    viewer.scrollTo({
      left: viewer.scrollLeft + place.left + place.width / 2 - frame.left - frame.width / 2,
      top: viewer.scrollTop + place.top - frame.top - frame.height / 3,
      behavior: still ? "instant" : "smooth",
    });
  }
  function setZoom(level) {
    const sheets = document.querySelector(".sheets");
    if (sheets) sheets.dataset.zoomLevel = Math.max(0, Math.min(2, level));
  }
  document.addEventListener("click", (event) => {
    const at = event.target.closest("[data-light], [data-zoom], [data-put]");
    if (!at) return;
    if (at.dataset.light) light(at.dataset.light, false);
    if (at.dataset.zoom) {
      const level = Number(document.querySelector(".sheets").dataset.zoomLevel);
      setZoom(level + (at.dataset.zoom === "in" ? 1 : -1));
    }
    if (at.dataset.put) {
      const field = document.getElementById(at.dataset.put);
      field.value = at.textContent.trim();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    }
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.dataset && event.target.dataset.field) light(event.target.dataset.field, true);
  });

  // The review form: Enter accepts, what was typed outlives an expired session.
  const review = document.getElementById("review");
  if (review) {
    const key = review.dataset.draft;
    const fields = [...review.querySelectorAll("[data-field]")];
    const kept = JSON.parse(sessionStorage.getItem(key) || "{}");
    if (!review.dataset.typed) {
      fields.forEach((field) => { if (field.name in kept) field.value = kept[field.name]; });
    }
    review.addEventListener("input", (event) => {
      if (!event.target.name) return;
      kept[event.target.name] = event.target.value;
      sessionStorage.setItem(key, JSON.stringify(kept));
    });
    review.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "TEXTAREA") return;
      if ("enter" in event.target.dataset || event.ctrlKey) {
        event.preventDefault();
        review.requestSubmit();
      }
    });
    const first = review.querySelector(".asked [data-field]") || fields[0];
    if (first) first.focus({ preventScroll: true });
    addEventListener("load", () => document.activeElement === first && first && light(first.dataset.field, true));
  }

  // Uploads: one request a file, three at a time; a refused file says why and can be tried again.
  const upload = document.getElementById("upload");
  if (upload) {
    const list = document.getElementById("sending");
    const waiting = [];
    let running = 0;
    const add = (files) => { [...files].forEach((file) => waiting.push([file, row(file)])); run(); };
    const make = (tag, text, kind) => {
      const made = document.createElement(tag);
      if (text) made.textContent = text;
      if (kind) made.className = kind;
      return made;
    };
    function row(file) {
      const item = make("li");
      const bar = make("progress");
      bar.max = 100; bar.value = 0;
      bar.setAttribute("aria-label", file.name);
      item.append(make("span", file.name, "file"), bar, make("span", "", "outcome"));
      list.append(item);
      return item;
    }
    function run() {
      while (running < 3 && waiting.length) { running += 1; send(...waiting.shift()); }
    }
    function send(file, item) {
      const call = new XMLHttpRequest();
      const body = new FormData();
      body.append("file", file, file.name);
      call.open("POST", upload.action);
      call.setRequestHeader("X-CSRFToken", csrf());
      call.setRequestHeader("X-Vanban", "1");
      call.upload.onprogress = (event) => { item.querySelector("progress").value = (event.loaded / event.total) * 100; };
      call.onload = () => told(call, file, item);
      call.onerror = () => failed(item, file, upload.dataset.failed, true);
      call.onloadend = () => { running -= 1; document.body.dispatchEvent(new Event("taken")); run(); };
      call.send(body);
    }
    function told(call, file, item) {
      let answer;
      try { answer = JSON.parse(call.responseText); } catch { answer = { title: upload.dataset.failed }; }
      if (!answer.files) return failed(item, file, answer.title, true);
      item.querySelector("progress").value = 100;
      answer.files.filter((one) => one.status === "refused").forEach((one) => failed(item, file, one.message, false));
      const taken = answer.files.filter((one) => one.status !== "refused");
      const out = item.querySelector(".outcome");
      taken.forEach((one) => {
        const twice = one.status === "duplicate";
        const link = make("a", upload.dataset.open);
        link.href = one.url;
        out.append(make("span", `${twice ? upload.dataset.twice : upload.dataset.taken} `), ...(twice ? [link] : []));
      });
    }
    function failed(item, file, why, again) {
      const line = make("p", `${why} `, "fault");
      line.setAttribute("role", "alert");
      if (again) {
        const button = make("button", upload.dataset.again, "btn btn-sm btn-outline-primary");
        button.type = "button";
        button.onclick = () => { line.remove(); waiting.push([file, item]); run(); };
        line.append(button);
      }
      item.append(line);
    }
    upload.querySelector("input[type=file]").addEventListener("change", (event) => {
      add(event.target.files);
      event.target.value = "";
    });
    document.addEventListener("dragover", (event) => { event.preventDefault(); upload.classList.add("over"); });
    document.addEventListener("dragleave", () => upload.classList.remove("over"));
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      upload.classList.remove("over");
      add(event.dataTransfer.files);
    });
  }

  // Suggestions while typing.
  const box = document.querySelector("[data-suggest]");
  if (box) {
    let timer;
    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(box.value)}`);
        if (!answer.ok) return;
        const options = (await answer.json()).map((value) => Object.assign(document.createElement("option"), { value }));
        document.getElementById("suggestions").replaceChildren(...options);
      }, 120);
    });
  }
})();
