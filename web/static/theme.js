// Light or dark before the first paint: the person's choice (a cookie, known to the server too), else the system's.
"use strict";
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => /(?:^|; )vanban_theme=(light|dark)/.exec(document.cookie)?.[1];
  const inForce = () => root.dataset.fixedTheme || chosen() || (system.matches ? "dark" : "light");
  const show = () => {
    root.dataset.bsTheme = inForce();
    document.querySelectorAll("[data-theme-switch]").forEach((one) => one.setAttribute("aria-pressed", root.dataset.bsTheme === "dark"));
  };
  root.classList.add("js");
  show();
  system.addEventListener("change", show);
  document.addEventListener("DOMContentLoaded", show);
  // Paper is white.
  addEventListener("beforeprint", () => { root.dataset.bsTheme = "light"; });
  addEventListener("afterprint", show);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const wanted = inForce() === "dark" ? "light" : "dark";
    const own = (system.matches ? "dark" : "light") === wanted;
    const tail = `path=/; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    document.cookie = own ? `vanban_theme=; max-age=0; ${tail}` : `vanban_theme=${wanted}; max-age=34560000; ${tail}`;
    show();
  });
})();
