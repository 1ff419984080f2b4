// Inside the frame: tells the page that holds it how high the conversation is.  Works without it at a fixed height.
(() => {
  if (window.parent === window) return;
  const tell = () => window.parent.postMessage({ troth: "height", height: Math.ceil(document.documentElement.getBoundingClientRect().height) }, "*");
  new ResizeObserver(tell).observe(document.documentElement);
  tell();
})();
