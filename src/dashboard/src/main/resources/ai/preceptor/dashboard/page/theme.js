// Before the first paint: the colours that were chosen, else those of the system.
(function () {
  let chosen = null;
  try {
    chosen = localStorage.getItem('preceptor-theme');
  } catch (refused) {
    chosen = null; // storage is off: the system's colours
  }
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
})();
