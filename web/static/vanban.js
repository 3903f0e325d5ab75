// The pages' own behaviour: evidence on the scan, completions while typing.
"use strict";
(() => {
  const csrf = () => document.querySelector('meta[name="csrf"]').content;

  const narrow = matchMedia("(max-width: 900px)");

  // Evidence: a field or a citation lights its boxes and the viewer goes there.
  function light(name, zoom) {
    const viewer = document.querySelector(".viewer");
    if (!viewer) return;
    viewer.querySelectorAll(".mark.lit").forEach((mark) => mark.classList.remove("lit"));
    const marks = [...viewer.querySelectorAll(`[data-mark="${CSS.escape(name)}"]`)];
    if (!marks.length) return;
    marks.forEach((mark) => mark.classList.add("lit"));
    // On a telephone the pages lie below: they come up over the page, as long as they are looked at.
    if (!zoom && narrow.matches && !viewer.closest(".review")) viewer.classList.add("peek");
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
  let asker;
  function closePeek() {
    const viewer = document.querySelector(".viewer.peek");
    if (!viewer) return false;
    viewer.classList.remove("peek");
    asker?.focus({ preventScroll: true });
    return true;
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closePeek(); });
  narrow.addEventListener("change", closePeek);
  document.addEventListener("click", (event) => {
    const at = event.target.closest("[data-light], [data-zoom], [data-put], [data-peek-close], [data-menu]");
    if (!at) return;
    if ("peekClose" in at.dataset) closePeek();
    if ("menu" in at.dataset) at.setAttribute("aria-expanded", at.closest(".bar").classList.toggle("open"));
    if (at.dataset.light) {
      asker = at;
      light(at.dataset.light, false);
    }
    if (at.dataset.zoom) {
      const level = Number(document.querySelector(".sheets").dataset.zoomLevel);
      setZoom(level + (at.dataset.zoom === "in" ? 1 : -1));
    }
    if (at.dataset.put) {
      const field = document.getElementById(at.dataset.put);
      field.value = at.dataset.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    }
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.dataset && event.target.dataset.field) light(event.target.dataset.field, true);
  });
  window.vanban = { csrf, light };

  // Who signs out leaves nothing half typed behind, in this window or another.
  // Several acts share one form: Enter in a box is the act beside it, not the form's first button.
  document.addEventListener("keydown", (event) => {
    const act = event.key === "Enter" && event.target.matches?.("[data-act] input") && event.target.closest("[data-act]");
    if (!act) return;
    event.preventDefault();
    act.querySelector("button").click();
  });
  document.querySelector("form.leave")?.addEventListener("submit", (event) => {
    const account = event.currentTarget.dataset.account;
    Object.keys(sessionStorage).filter((key) => key.startsWith(`draft-${account}-`)).forEach((key) => sessionStorage.removeItem(key));
    localStorage.setItem(`left-${account}`, Date.now());
  });

  // These pages follow a form that went through: what was kept of it is done with.
  if (/^\/(van-ban\/|can-xem$)/.test(location.pathname)) {
    Object.keys(sessionStorage).filter((key) => key.startsWith("draft-") && sessionStorage.getItem(key).includes('"sent":true')).forEach((key) => sessionStorage.removeItem(key));
  }

  // On a telephone the facets are closed, so that the hits come first.
  if (matchMedia("(max-width: 900px)").matches) {
    document.querySelectorAll(".facets details[open]").forEach((one) => { one.open = false; });
  }

  // A page's picture that had to wait for others is asked for again, each time later.
  document.addEventListener("error", (event) => {
    const picture = event.target;
    if (!(picture instanceof HTMLImageElement) || !/\/trang\/\d+\.png/.test(picture.src)) return;
    const again = Number(picture.dataset.again || 0);
    if (again >= 5) return;
    picture.dataset.again = again + 1;
    const address = new URL(picture.src);
    address.searchParams.set("lan", again + 1);
    setTimeout(() => { picture.src = address.href; }, 2000 * 2 ** again);
  }, true);

  // Without a network a page says so instead of the browser; nothing else is kept (sw.js).
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});

  // Completions while typing: the list of a box is filled from its address. A choice may fill empty fields that go with it.
  document.querySelectorAll("[data-complete]").forEach((box) => {
    const list = document.getElementById(box.getAttribute("list"));
    let timer;
    let asked = "";
    let offered = [];
    box.addEventListener("input", () => {
      const chosen = offered.find((one) => one.value === box.value);
      if (chosen?.fills) fill(box.form, chosen.fills);
      clearTimeout(timer);
      timer = setTimeout(async () => {
        asked = box.value;
        const answer = await fetch(`${box.dataset.complete}?q=${encodeURIComponent(asked)}`);
        if (!answer.ok || asked !== box.value) return;
        offered = (await answer.json()).map((one) => (typeof one === "string" ? { value: one, label: "" } : one));
        // Browsers offer what contains the typed letters, in the value or its label: typed without accents, in the label.
        list.replaceChildren(...offered.map(({ value, label }) => {
          const plain = value.toLowerCase().includes(asked.toLowerCase()) ? "" : asked;
          return Object.assign(document.createElement("option"), { value, label: [label, plain].filter(Boolean).join(" · ") });
        }));
      }, 120);
    });
  });
  function fill(form, values) {
    Object.entries(values).forEach(([name, value]) => {
      const field = form?.elements[name];
      if (!field || field.value || !value) return;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
})();
