// Uploads: files and folders dropped on any page, one request a file, three at a time; a refused one says why.
"use strict";
(() => {
  const { csrf } = window.vanban;
  const say = document.body.dataset;
  const waiting = [];
  let running = 0;
  let list = document.getElementById("sending");

  const make = (tag, text, kind) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };
  // On pages that are not about uploading, a tray in the corner tells how the files fare.
  function tray() {
    const made = make("aside", "", "tray");
    const follow = make("a", say.follow);
    follow.href = say.upload;
    list = make("ul", "", "plain sending");
    list.setAttribute("aria-live", "polite");
    made.append(follow, list);
    document.body.append(made);
  }
  function add(files) {
    if (!files.length) return;
    if (!list) tray();
    const most = Number(say.most);
    files.forEach((file) => {
      const item = row(file);
      // What is too large is known before a byte is sent.
      if (file.size > most) failed(item, file, say.large.replace("{name}", file.name), false);
      else waiting.push([file, item]);
    });
    run();
  }
  function row(file) {
    const item = make("li");
    const bar = make("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    item.append(make("span", file.name, "file"), bar, make("span", "", "outcome"));
    list.append(item);
    return item;
  }
  function run() {
    while (running < 3 && waiting.length) {
      running += 1;
      send(...waiting.shift());
    }
  }
  function send(file, item) {
    const call = new XMLHttpRequest();
    const body = new FormData();
    (file.parts || [file]).forEach((part) => {
      body.append("file", part, part.name);
      if (file.parts) body.append("turn", part.turn);
    });
    if (file.parts) {
      body.append("joined", "1");
      body.append("name", file.name);
    }
    const separator = document.querySelector("#upload [name=separator]")?.value;
    if (separator && !file.parts) body.append("separator", separator);
    document.querySelectorAll("#upload input[name=group]:checked").forEach((one) => body.append("group", one.value));
    call.open("POST", say.upload);
    call.setRequestHeader("X-CSRFToken", csrf());
    call.setRequestHeader("X-Vanban", "1");
    call.upload.onprogress = (event) => { item.querySelector("progress").value = (event.loaded / event.total) * 100; };
    call.onload = () => told(call, file, item);
    call.onerror = () => failed(item, file, say.failed, true);
    call.onloadend = () => {
      running -= 1;
      document.body.dispatchEvent(new Event("taken"));
      run();
    };
    call.send(body);
  }
  function told(call, file, item) {
    let answer;
    try { answer = JSON.parse(call.responseText); } catch { answer = { title: say.failed }; }
    if (!answer.files) { failed(item, file, answer.title, true); return; }
    item.querySelector("progress").value = 100;
    answer.files.filter((one) => one.status === "refused").forEach((one) => failed(item, file, one.message, false));
    const out = item.querySelector(".outcome");
    answer.files.filter((one) => one.status !== "refused").forEach((one) => {
      const twice = one.status === "duplicate";
      const link = make("a", say.open);
      link.href = one.url;
      out.append(make("span", `${twice ? say.twice : say.taken} `), ...(twice ? [link] : []));
      if (one.note) item.append(make("p", one.note, "notice warn"));
    });
  }
  function failed(item, file, why, again) {
    const line = make("p", `${why} `, "fault");
    line.setAttribute("role", "alert");
    if (again) {
      const button = make("button", say.again, "btn btn-sm btn-outline-primary");
      button.type = "button";
      button.onclick = () => { line.remove(); waiting.push([file, item]); run(); };
      line.append(button);
    }
    item.append(line);
  }

  // Photos of one paper go as one (photos.js): { name, size, parts }.
  window.vanban.send = (files) => add(files);

  document.querySelectorAll("#upload input[type=file]").forEach((input) => input.addEventListener("change", () => {
    add([...input.files]);
    input.value = "";
  }));

  // A dropped folder is walked; what the browser can't tell from a file is taken as one.
  async function walk(entry) {
    if (entry.isFile) return [await new Promise((done, fail) => entry.file(done, fail))];
    const reader = entry.createReader();
    const inside = [];
    for (;;) {
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!some.length) break;
      for (const one of some) inside.push(...await walk(one));
    }
    return inside;
  }
  const drop = document.getElementById("upload");
  const holdsFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dropping"); });
  document.addEventListener("drop", async (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    document.body.classList.remove("dropping");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const files = entries.length ? (await Promise.all(entries.map(walk))).flat() : [...event.dataTransfer.files];
    add(files.filter((file) => !file.name.startsWith(".")));
    if (drop) drop.scrollIntoView({ block: "nearest" });
  });
  // Leaving while files are on their way would break them off.
  addEventListener("beforeunload", (event) => { if (running || waiting.length) event.preventDefault(); });
})();
