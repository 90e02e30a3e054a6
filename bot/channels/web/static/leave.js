/* Quick leave. On its own, in the oldest JavaScript, so that it works whatever happens to the rest;
   without any JavaScript the link itself leads to the same page. */
(function () {
  "use strict";
  var quit = document.getElementById("quit");
  function leave(event) {
    event.preventDefault();
    var away = quit.href;
    // A slow line may take seconds to bring the other page: what is on the screen goes first.
    document.documentElement.style.background = "#fff";
    document.title = "Météo";
    document.body.textContent = "";
    try { sessionStorage.clear(); } catch (e) { /* storage refused: there was nothing to clear */ }
    try { document.dispatchEvent(new Event("leave")); } catch (e) { /* too old for events, so no chat.js */ }
    location.replace(away);
  }
  quit.addEventListener("click", leave);
  quit.addEventListener("keydown", function (event) {
    if (event.key === " ") leave(event);
  });
})();
