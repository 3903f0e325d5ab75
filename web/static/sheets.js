// The board of pages: pictures turn with their choice; pages are moved by buttons, which write the places.
"use strict";
(() => {
  const board = document.querySelector(".board");
  const rows = () => [...board.querySelectorAll(".board-page")];
  const number = () => rows().forEach((row, at) => { row.querySelector("[name^=place-]").value = at + 1; });
  const show = (row) => {
    row.dataset.turn = row.querySelector("select").value;
    row.classList.toggle("dropped", row.querySelector("[name^=drop-]").checked);
  };
  const sort = () => {
    const place = (row) => Number(row.querySelector("[name^=place-]").value) || 0;
    rows().sort((one, other) => place(one) - place(other)).forEach((row) => board.append(row));
    number();
  };
  sort();
  rows().forEach((row) => {
    show(row);
    row.addEventListener("change", (event) => { event.target.name?.startsWith("place-") ? sort() : show(row); });
    const moves = document.createElement("p");
    moves.className = "board-moves";
    [[board.dataset.up, "←", -1], [board.dataset.down, "→", 1]].forEach(([label, sign, step]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-outline-secondary";
      button.textContent = sign;
      button.setAttribute("aria-label", `${label}: ${row.querySelector(".board-name").textContent.trim()}`);
      button.addEventListener("click", () => {
        const all = rows();
        const other = all[all.indexOf(row) + step];
        if (!other) return;
        step < 0 ? other.before(row) : other.after(row);
        number();
        button.focus();
      });
      moves.append(button, " ");
    });
    row.querySelector(".board-name").after(moves);
  });
})();
