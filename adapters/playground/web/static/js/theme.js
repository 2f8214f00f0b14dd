// Light or dark, before anything is painted: the system's choice until the person makes their own.
(() => {
  const saved = (() => {
    try {
      return localStorage.getItem("rehearse-theme");
    } catch {
      return null; // storage may be switched off
    }
  })();
  if (saved === "light" || saved === "dark") document.documentElement.dataset.theme = saved;
})();
