// What is typed at the desk outlives a lost session: kept in this window by account and document, and told when it comes back.
"use strict";
(() => {
  const LASTS = 12 * 3600 * 1000;
  window.vanban.draft = (form, fields) => {
    const { draft: key, account, session } = form.dataset;
    const read = (name) => { try { return JSON.parse(sessionStorage.getItem(name)); } catch { return null; } };
    const drop = () => sessionStorage.removeItem(key);
    const keep = (values, more) => sessionStorage.setItem(key, JSON.stringify({ session, at: Date.now(), values, ...more }));
    const left = Number(localStorage.getItem(`left-${account}`) || 0);
    const typed = "typed" in form.dataset;
    tidy();

    // The same session: the form was left on purpose, or what it held went through.
    const old = read(key);
    const lost = old && old.session !== session && old.at > left && Date.now() - old.at < LASTS;
    let values = typed && old && old.session === session ? old.values : {};
    if (lost && !typed) restore(old);
    else if (!typed) drop();

    form.addEventListener("input", (event) => {
      if (!event.target.dataset.field) return;
      values[event.target.name] = event.target.value;
      keep(values);
    });

    function restore({ values: kept, at }) {
      const back = fields.filter((field) => field.name in kept && kept[field.name] !== field.value);
      if (!back.length) { drop(); return; }
      values = kept;
      const notes = back.map((field) => mark(field, kept[field.name]));
      const clock = new Date(at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
      const line = make("p", `${form.dataset.restored} ${clock} · `, "notice warn");
      line.id = "restored";
      line.setAttribute("role", "status");
      const discard = make("button", form.dataset.discard, "btn btn-sm btn-outline-secondary");
      discard.type = "button";
      discard.addEventListener("click", () => {
        back.forEach((field) => { field.value = field.defaultValue; field.closest(".field").classList.remove("restored"); });
        notes.concat(line).forEach((one) => one.remove());
        values = {};
        drop();
        back[0].focus();
      });
      line.append(discard);
      form.querySelector(".fields").before(line);
      keep(values);
    }
    function mark(field, value) {
      const note = make("p", `${form.dataset.inStore}: ${field.defaultValue || "—"}`, "now");
      field.value = value;
      field.closest(".field").classList.add("restored");
      field.closest(".field").append(note);
      return note;
    }
    function make(tag, text, name) {
      return Object.assign(document.createElement(tag), { textContent: text, className: name });
    }
    // What other forms of this account left goes too, once it was sent or is too old.
    function tidy() {
      Object.keys(sessionStorage).filter((name) => name.startsWith("draft-") && name !== key).forEach((name) => {
        const one = read(name);
        const sent = one && one.sent && one.session === session;
        if (!one || sent || Date.now() - one.at > LASTS) sessionStorage.removeItem(name);
      });
    }
    return { drop, sent: () => { if (Object.keys(values).length) keep(values, { sent: true }); } };
  };
})();
