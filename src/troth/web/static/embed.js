// On the page that holds the conversation: puts a sandboxed frame after this script and lets it be as high as it needs.
(() => {
  const me = document.currentScript;
  const flow = me && me.dataset.flow;
  if (!flow) return;
  const base = new URL(".", me.src);
  const from = document.referrer ? new URL(document.referrer).hostname : "";
  const channel = !from ? "" : /(^|\.)(google|bing|duckduckgo|ecosia|qwant|yahoo|startpage|search)\./.test(from) ? "search"
    : /(^|\.)(facebook|instagram|linkedin|reddit|tiktok|x|mastodon|snapchat|social)\./.test(from) ? "social" : "link";
  const source = new URL("f/" + encodeURIComponent(flow), base);
  source.searchParams.set("embed", "1");
  const via = me.dataset.via || channel;  // the class of the page before this one, never its address
  if (/^[a-z]{2,6}$/.test(via)) source.searchParams.set("via", via);
  const frame = document.createElement("iframe");
  frame.src = source.href;
  frame.title = me.dataset.title || "Conversation";
  frame.setAttribute("sandbox", "allow-forms allow-scripts allow-popups allow-popups-to-escape-sandbox");
  frame.referrerPolicy = "origin";
  frame.style.cssText = "width:100%;height:560px;border:0;color-scheme:normal";
  me.insertAdjacentElement("afterend", frame);
  window.addEventListener("message", (event) => {
    // The frame is sandboxed, so its origin reads "null"; its window is what tells it from others.
    if (event.source !== frame.contentWindow || !event.data || event.data.troth !== "height") return;
    const height = Number(event.data.height);
    if (height > 0) frame.style.height = Math.min(Math.max(height, 160), 4000) + "px";
  });
})();
