"""Ad page: the style and the script that every ad carries; both are fixed, what differs is data.

The script makes text nodes and links, and knows one address: the counter's.  It touches no storage, no
cookie, no other window; an opaque origin is enough for it.
"""

from __future__ import annotations

STYLE = """
* { box-sizing: border-box; margin: 0; }
html, body { overflow: hidden; }
.ad { border: 1px solid #6b716d; background: #ffffff; color: #1b211f; display: flex; flex-direction: column;
  font: 14px/1.35 system-ui, sans-serif; overflow: hidden; }
header { background: var(--accent); color: var(--ink); padding: 4px 8px; display: flex; gap: 0 8px;
  align-items: center; justify-content: space-between; flex: none; flex-wrap: wrap; }
header a { color: inherit; font-weight: 650; text-decoration: none; padding: 2px 0; }
header small { font-size: 11px; }
#log { flex: 1; overflow: auto; padding: 8px; display: flex; flex-direction: column; gap: 6px;
  min-height: 0; }
#log p.mine { align-self: flex-end; background: #e9ece8; border-radius: 10px 10px 0 10px; padding: 3px 9px; }
#log a { color: #0b4f8a; }
#choices { display: flex; flex-wrap: wrap; gap: 5px; padding: 6px 8px 8px; flex: none; max-height: 55%;
  overflow: auto; }
#choices:empty { display: none; }
button { font: inherit; min-height: 28px; padding: 2px 10px; border-radius: 14px; cursor: pointer;
  border: 1px solid #1b211f; background: #ffffff; color: #1b211f; }
button.plain { border-style: dashed; }
button:hover { background: var(--accent); color: var(--ink); }
:focus-visible { outline: 3px solid #0b4f8a; outline-offset: 1px; }
.band { flex-direction: row; }
.band header { flex-direction: column; align-items: flex-start; width: 130px; }
.band #choices { max-width: 55%; max-height: none; align-content: center; }
"""

SCRIPT = """
(function () {
  "use strict";
  var flow = JSON.parse(document.getElementById("flow").textContent);
  var log = document.getElementById("log"), choices = document.getElementById("choices");

  function made(kind, text, into) {
    var node = document.createElement(kind);
    node.textContent = text;
    into.appendChild(node);
    return node;
  }
  function address(tag, url) { return typeof self[tag] === "string" ? self[tag] : url; }
  function exit(link, into) {
    var line = made("p", "", into), node = made("a", link.label, line);
    node.href = address(link.tag, link.url);
    node.target = "_blank";
    node.rel = "noopener noreferrer";
    node.referrerPolicy = "no-referrer";
    node.setAttribute("data-tag", link.tag);
    node.setAttribute("aria-label", link.label + ", " + flow.words.window);
    node.className = "exit";
  }
  document.addEventListener("click", function (event) {
    var node = event.target.closest("a.exit");
    if (node) { node.href = address(node.getAttribute("data-tag"), node.href); }
  });
  function count(step, option) {
    if (!flow.count) { return; }
    fetch(flow.count, {
      method: "POST", mode: "no-cors", credentials: "omit", cache: "no-store", keepalive: true,
      referrerPolicy: "no-referrer", body: new URLSearchParams({ step: step, option: option })
    }).catch(function () {});
  }
  function choice(step, turn, value, label, to) {
    var button = made("button", label, choices);
    button.type = "button";
    if (!value) { button.className = "plain"; }
    button.addEventListener("click", function () {
      count(step, value);
      if (turn.options.length) {
        made("p", label, log).className = "mine";
      }
      show(to);
      var first = choices.querySelector("button");
      (first || log).focus({ preventScroll: true });
    });
  }
  function show(name) {
    var turn = flow.turns[name], first = null;
    choices.textContent = "";
    turn.say.forEach(function (text) { var p = made("p", text, log); first = first || p; });
    turn.exits.forEach(function (link) { exit(link, log); });
    turn.options.forEach(function (o) { choice(name, turn, o[0], o[1], o[2]); });
    if (turn.end) {
      if (name !== flow.first) { count(name, ""); }
    } else if (!turn.options.length) {
      choice(name, turn, "", flow.words.next, turn.to);
    } else if (turn.optional) {
      choice(name, turn, "", flow.words.skip, turn.to);
    }
    log.scrollTop = log.scrollHeight;
  }
  show(flow.first);
})();
"""
