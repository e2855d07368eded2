// Keeps the part of the page marked data-live fresh: asks for it every few seconds while the page is looked at,
// puts it in place when it has changed, and lets what is new glow. The number is the seconds; 0 means never.
"use strict";
(() => {
  const live = document.querySelector("[data-live]");
  const seconds = Number(live && live.dataset.live);
  if (!seconds) return;
  const keys = () => new Set([...live.querySelectorAll("[data-key]")].map((e) => e.dataset.key));
  let shown = null;

  const isBusy = () => live.contains(document.activeElement) && document.activeElement.matches("input,textarea,select");

  const put = (text) => {
    const known = keys();
    const opened = [...live.querySelectorAll("details[open]")].map((e) => e.closest("[data-key]")?.dataset.key);
    live.innerHTML = text;
    for (const element of live.querySelectorAll("[data-key]")) {
      if (!known.has(element.dataset.key)) element.classList.add("new");
      if (opened.includes(element.dataset.key)) element.querySelector("details")?.setAttribute("open", "");
    }
  };

  const refresh = async () => {
    if (document.hidden || isBusy()) return;
    const answer = await fetch(location.href, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
    if (answer.status === 401) {
      const stale = document.getElementById("stale");
      stale.querySelector("a").href = location.href;
      stale.hidden = false;
      clearInterval(timer);
      return;
    }
    if (!answer.ok) return;
    const text = await answer.text();
    const plain = text.replace(/(name="csrf_token" value=")[^"]*/g, "$1"); // a new one every time, and as good as the last
    if (plain === shown || isBusy()) return;
    put(text);
    shown = plain;
  };

  const quietly = () => refresh().catch(() => {}); // the network was away for a moment; the next round asks again
  const timer = setInterval(quietly, seconds * 1000);
  document.addEventListener("visibilitychange", quietly);
})();
