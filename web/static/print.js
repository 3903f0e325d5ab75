// The button of the print page.
"use strict";
document.querySelector("[data-print]").addEventListener("click", () => window.print());
