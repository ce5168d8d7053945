// Sends the posting form on by itself. Coming back with the browser's Back button must not send it again.
"use strict";
(() => {
  const form = document.getElementById("saml");
  const [entry] = performance.getEntriesByType("navigation");
  if (form && !(entry && entry.type === "back_forward")) form.submit();
})();
