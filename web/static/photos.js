// Photos of the pages of one paper: taken or chosen, put in order, turned, then sent as one document.
"use strict";
(() => {
  const panel = document.getElementById("joining");
  if (!panel) return;
  panel.hidden = false;
  const list = document.getElementById("photos");
  const acts = document.getElementById("join-acts");
  const title = document.getElementById("joined-name");
  const say = panel.dataset;
  let photos = [];

  // A small picture is drawn, not addressed: pages here show pictures of this site only.
  async function draw(photo) {
    const { canvas, turn } = photo;
    photo.picture ||= await createImageBitmap(photo.file, { resizeWidth: 320, resizeQuality: "low" }).catch(() => null);
    if (!photo.picture) return;
    const { width, height } = photo.picture;
    const across = turn % 180 !== 0;
    canvas.width = across ? height : width;
    canvas.height = across ? width : height;
    const pen = canvas.getContext("2d");
    pen.translate(canvas.width / 2, canvas.height / 2);
    pen.rotate((turn * Math.PI) / 180);
    pen.drawImage(photo.picture, -width / 2, -height / 2);
  }
  function button(word, photo, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm btn-outline-secondary";
    made.textContent = word;
    made.addEventListener("click", () => { act(); show(); photo.buttons.find((one) => one.textContent === word && one.isConnected && !one.disabled)?.focus(); });
    return made;
  }
  function move(photo, by) {
    const at = photos.indexOf(photo);
    const to = at + by;
    if (to < 0 || to >= photos.length) return;
    photos.splice(at, 1);
    photos.splice(to, 0, photo);
  }
  function made(file) {
    const photo = { file, turn: 0, canvas: document.createElement("canvas"), item: document.createElement("li") };
    photo.canvas.setAttribute("role", "img");
    photo.label = Object.assign(document.createElement("span"), { className: "file" });
    const tools = Object.assign(document.createElement("span"), { className: "acts" });
    photo.buttons = [
      button(say.turn, photo, () => { photo.turn = (photo.turn + 90) % 360; draw(photo); }),
      button(say.up, photo, () => move(photo, -1)),
      button(say.down, photo, () => move(photo, 1)),
      button(say.drop, photo, () => { photos = photos.filter((one) => one !== photo); }),
    ];
    tools.append(...photo.buttons);
    photo.item.append(photo.canvas, photo.label, tools);
    draw(photo);
    return photo;
  }
  function show() {
    photos.forEach((photo, at) => {
      const name = `${say.page} ${at + 1}`;
      photo.label.textContent = `${name}: ${photo.file.name}`;
      photo.canvas.setAttribute("aria-label", name);
      photo.buttons.forEach((one) => one.setAttribute("aria-label", `${one.textContent} ${name}`));
      photo.buttons[1].disabled = at === 0;
      photo.buttons[2].disabled = at === photos.length - 1;
    });
    list.replaceChildren(...photos.map((photo) => photo.item));
    acts.hidden = photos.length === 0;
  }
  ["camera", "pictures"].forEach((id) => document.getElementById(id).addEventListener("change", (event) => {
    photos.push(...[...event.target.files].map(made));
    event.target.value = "";
    show();
  }));
  document.getElementById("join-drop").addEventListener("click", () => { photos = []; show(); });
  document.getElementById("join").addEventListener("click", () => {
    if (!photos.length) return;
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    const moment = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`;
    const parts = photos.map((photo) => Object.assign(photo.file, { turn: photo.turn }));
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    window.vanban.send([{ name: `${title.value.trim() || moment}.pdf`, size, parts }]);
    photos = [];
    title.value = "";
    show();
  });
  // Photos that were not sent are lost with the page.
  addEventListener("beforeunload", (event) => { if (photos.length) event.preventDefault(); });
})();
