// On an agent's page: the answer comes word by word.  Without it the form is sent and the page comes back whole.
(() => {
  const form = document.getElementById("say");
  if (!form || !window.ReadableStream) return;
  const log = document.getElementById("log");
  const at = (id) => document.getElementById(id);
  const bubble = (who, name, text) => {
    log.querySelectorAll(".last").forEach((p) => { p.classList.remove("last"); p.removeAttribute("id"); });
    const p = document.createElement("p");
    const skip = document.createElement("span");
    skip.className = "skip";
    skip.textContent = name + ": ";
    p.className = who + " last";
    p.append(skip, document.createTextNode(text));
    log.append(p);
    return p.lastChild;
  };
  const show = (id, words) => {
    const box = at(id), kinds = box.querySelector(".kinds");
    if (!words.length) return;
    const known = kinds.textContent ? kinds.textContent.split(", ") : [];
    kinds.textContent = [...new Set([...known, ...words])].join(", ");
    box.hidden = false;
  };
  const trouble = (text) => { at("problem").textContent = text; at("problem").hidden = false; };
  const secret = (value) => {
    for (const one of document.querySelectorAll("main form")) {
      let field = one.elements.namedItem("csrf");
      if (!field) {
        field = Object.assign(document.createElement("input"), { type: "hidden", name: "csrf" });
        one.prepend(field);
      }
      field.value = value;
    }
  };
  const take = (said, line) => {
    if (said.csrf) secret(said.csrf);
    if (said.masked) show("masked", said.masked);
    if (said.warned) show("warned", said.warned);
    if (said.text) line.data += said.text;
    if (said.problem) trouble(said.problem);
    if (said.done && said.known === false && at("hand")) at("hand").open = true;
    return Boolean(said.done);
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = form.elements.namedItem("text"), button = form.querySelector("button");
    const body = new URLSearchParams(new FormData(form));
    at("problem").hidden = true;
    button.disabled = true;
    bubble("you", form.dataset.you, text.value);
    const line = bubble("them", form.dataset.them, "");
    let done = false;
    try {
      const answer = await fetch(form.dataset.stream, { method: "POST", body, headers: { Accept: "text/event-stream" } });
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ""; ;) {
        const part = await reader.read();
        rest += part.value || "";
        const events = rest.split("\n\n");
        rest = events.pop();
        for (const one of events) done = take(JSON.parse(one.replace(/^data: /, "")), line) || done;
        if (part.done) break;
      }
    } catch { trouble(form.dataset.failed); }
    if (!line.data) line.parentElement.remove();
    if (done) {
      text.value = "";
      const choice = at("temporary");
      if (choice) at("kept").hidden = !choice.control.checked;
      for (const id of ["temporary", "cookie"]) if (at(id)) at(id).remove();
      for (const id of ["delete", "along", "missed"]) if (at(id)) at(id).hidden = false;
    }
    button.disabled = false;
    text.focus();
  });
})();
