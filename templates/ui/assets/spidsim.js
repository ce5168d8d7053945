// Comfort only: every page works without this file.
"use strict";
(() => {
  const all = (selector) => document.querySelectorAll(selector);

  // Copy buttons show only where they can work.
  if (navigator.clipboard) {
    for (const button of all("[data-copy]")) {
      const label = button.firstChild.textContent;
      button.hidden = false;
      button.setAttribute("aria-live", "polite");
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
        button.firstChild.textContent = button.dataset.copied;
        setTimeout(() => { button.firstChild.textContent = label; }, 2000);
      });
    }
  }

  // Time left, in words; said aloud at 60 s, at 20 s and at the end (UX-68).
  const words = (seconds, units) => {
    const [second, seconds_, minute, minutes, and] = units.split("|");
    const m = Math.floor(seconds / 60), s = seconds % 60;
    const ms = m + " " + (m === 1 ? minute : minutes), ss = s + " " + (s === 1 ? second : seconds_);
    return m === 0 ? ss : s === 0 ? ms : ms + " " + and + " " + ss;
  };
  for (const tag of all("[data-left]")) {
    const end = Date.now() + 1000 * Number(tag.dataset.left);
    const shown = tag.querySelector("[role=timer]"), said = tag.querySelector("[role=status]");
    let before = Infinity;
    const tick = () => {
      const left = Math.max(0, Math.round((end - Date.now()) / 1000));
      const text = left > 0 ? tag.dataset.words.replace("%s", words(left, tag.dataset.units)) : tag.dataset.past;
      shown.textContent = text;
      for (const moment of [60, 20, 0]) if (before > moment && left <= moment && before !== Infinity) said.textContent = text;
      before = left;
      if (left > 0) setTimeout(tick, 1000);
    };
    tick();
  }

  // Waiting for the app: look again every two seconds; when it has answered, show the page anew.
  const waiting = document.querySelector('[data-push=""]');
  if (waiting) {
    const look = async () => {
      try {
        const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (answer.redirected || !page.querySelector('[data-push=""]')) { location.replace(answer.url); return; }
      } catch { /* the button works all the same */ }
      setTimeout(look, 2000);
    };
    setTimeout(look, 2000);
  }

  // The presenter's clicker sends Page Down and Page Up: they press the lesson's own buttons, never those of a form (UX-105).
  document.addEventListener("keydown", (event) => {
    if (event.key !== "PageDown" && event.key !== "PageUp" || event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const button = document.querySelector('[data-clicker="' + event.key + '"]');
    if (button) { event.preventDefault(); button.click(); }
  });

  // The button that prints shows only where it can work.
  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // Escape closes the list of gestori and gives the focus back to its button (UX-25).
  for (const list of all("details:has(> summary.spid)")) {
    list.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && list.open) { list.open = false; list.querySelector("summary").focus(); }
    });
  }

  // Print buttons show only where they can work.
  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // The rules of a new password are marked while one types; the server checks them all the same (ONB-135).
  const meets = {
    length: (s, n) => s.length >= n, upper: (s) => /\p{Lu}/u.test(s), lower: (s) => /\p{Ll}/u.test(s), digit: (s) => /\d/.test(s),
    special: (s) => /[^\p{L}\p{N}\s]/u.test(s), repeat: (s, n) => s !== "" && !new RegExp("(.)\\1{" + n + "}", "u").test(s),
  };
  for (const list of all("[data-rules]")) {
    const field = document.getElementById(list.dataset.rules);
    const mark = () => {
      for (const rule of list.querySelectorAll("[data-rule]")) {
        const ok = meets[rule.dataset.rule](field.value, Number(rule.dataset.n));
        let word = rule.querySelector("strong");
        if (!word) { word = document.createElement("strong"); rule.lastElementChild.append(" ", word); }
        word.textContent = ok ? list.dataset.met : list.dataset.unmet;
        rule.querySelector("svg").setAttribute("class", ok ? "ico ok" : "ico");
        rule.querySelector("path").setAttribute("d", ok ? "M4 12.5l5 5L20 6.5" : "M5 12h14");
      }
    };
    field.addEventListener("input", mark);
  }
})();
