// On the pages of a person who is known: the screen's size and the page's loading time go with the form that is sent anyway.
(() => {
  const put = (form, name, value) => {
    const field = form.elements.namedItem(name);
    if (field) field.value = value;
  };
  addEventListener("load", () => setTimeout(() => {
    const [page] = performance.getEntriesByType("navigation");
    for (const form of document.querySelectorAll("form.reply")) {
      put(form, "screen", screen.width + "x" + screen.height);
      if (page) put(form, "load", Math.round(page.loadEventEnd - page.startTime));
    }
  }));
})();
