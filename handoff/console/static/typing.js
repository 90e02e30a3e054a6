/* While somebody types a reply, the person sees it. Without this file everything works the same. */
(function () {
  "use strict";
  var EVERY_MS = 4000; // the sign lasts a little longer than that
  var box = document.getElementById("text"), told = 0;
  if (!box || !window.fetch || !box.form.dataset.typing) return;
  box.addEventListener("input", function () {
    if (!box.value.trim() || Date.now() - told < EVERY_MS) return;
    told = Date.now();
    fetch(box.form.dataset.typing, {
      method: "POST", credentials: "same-origin", body: new URLSearchParams({ csrf: box.form.elements.csrf.value })
    }).catch(function () { /* a sign, no more */ });
  });
})();
