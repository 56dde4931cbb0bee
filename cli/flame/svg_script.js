// Zoom and search in an SVG flamegraph opened on its own; embedded in a document it stays a picture.
(() => {
  const svg = document.documentElement;
  if (svg.localName !== "svg") return;
  const [margin, drawn, columnPx, textMargin, minGapPx, gapPx] = JSON.parse(
    svg.dataset.look ?? "[]",
  );
  const number = (element, name) => Number(element.getAttribute(name));
  const frames = [...svg.querySelectorAll("g[data-name]")].map((group) => {
    const rect = group.querySelector("rect");
    const label = group.querySelector("svg");
    return {
      group,
      rect,
      label,
      name: group.dataset.name,
      path: group.dataset.path ?? group.dataset.name,
      isPath: group.dataset.path !== undefined,
      x: number(rect, "x"),
      width: Number(group.dataset.width),
      level: Number(group.dataset.level),
      text: label?.innerHTML ?? "",
    };
  });
  const [reset, search, found] = ["reset", "search", "found"].map((id) => document.getElementById(id));
  search.style.display = "inline";

  /** Rounding moves edges by a hundredth of a pixel. */
  const inside = (frame, zoomed) =>
    frame.x >= zoomed.x - 0.02 && frame.x + frame.width <= zoomed.x + zoomed.width + 0.02;

  function zoom(zoomed) {
    const scale = drawn / zoomed.width;
    for (const frame of frames) {
      const above = frame.level <= zoomed.level && inside(zoomed, frame);
      const shown = above || (frame.level > zoomed.level && inside(frame, zoomed));
      frame.group.style.display = shown ? "" : "none";
      if (!shown) continue;
      frame.group.style.opacity = above && frame !== zoomed ? 0.55 : "";
      if (zoomed.level === 0) place(frame, frame.x, frame.width);
      else if (above) place(frame, margin, drawn);
      else place(frame, margin + (frame.x - zoomed.x) * scale, frame.width * scale);
    }
    reset.style.display = zoomed.level > 0 ? "inline" : "none";
  }

  function place(frame, x, width) {
    frame.rect.setAttribute("x", x);
    frame.rect.setAttribute("width", width > minGapPx ? width - gapPx : width);
    if (frame.label === null) return;
    frame.label.setAttribute("x", x);
    frame.label.setAttribute("width", width);
    const columns = Math.floor((width - 2 * textMargin) / columnPx);
    const text = frame.label.querySelector("text");
    if (width === frame.width) frame.label.innerHTML = frame.text;
    else if (columns < 3) text.textContent = "";
    else text.textContent = shorten(frame, columns);
  }

  /** Several parts of a path keep their end, which is the most specific. */
  function shorten({ name, isPath }, columns) {
    if (name.length <= columns) return name;
    return isPath && name.lastIndexOf("/") > 0
      ? `…${name.slice(1 - columns)}`
      : `${name.slice(0, columns - 1)}…`;
  }

  /** The texts that a search matches: each part of a path, and for a search with a slash the path up to each part. */
  function namesOf({ name, path, isPath }, withPaths) {
    if (!isPath) return [name];
    const above = path.slice(0, path.length - name.length);
    const parts = [...name.matchAll(/^\/?[^/]*|[^/]+/g)];
    return parts.flatMap(({ 0: part, index }) =>
      withPaths ? [part, above + name.slice(0, index + part.length)] : [part]
    );
  }

  function find(query) {
    let pattern = null;
    try {
      pattern = query ? new RegExp(query, "iu") : null;
    } catch {
      found.textContent = "Invalid regular expression";
      return;
    }
    const matches = pattern === null
      ? []
      : frames.filter((frame) =>
        frame.level > 0 && namesOf(frame, query.includes("/")).some((text) => pattern.test(text))
      );
    for (const frame of frames) frame.group.classList.toggle("found", matches.includes(frame));
    // Nested matches are counted once.
    const outer = matches.filter((frame) =>
      !matches.some((other) => other.level < frame.level && inside(frame, other))
    );
    const share = outer.reduce((sum, { width }) => sum + width, 0) / drawn * 100;
    found.textContent = pattern === null ? "" : `${share.toFixed(1)}% matched`;
    search.textContent = pattern === null ? "Search" : "Reset search";
  }

  function toggleSearch() {
    if (found.textContent !== "") return find("");
    const query = prompt("Search frames (regular expression)", "");
    if (query) find(query);
  }

  for (const frame of frames) frame.group.addEventListener("click", () => zoom(frame));
  reset.addEventListener("click", () => zoom(frames[0]));
  search.addEventListener("click", toggleSearch);
  addEventListener("keydown", (event) => {
    if (event.key === "F3" || (event.ctrlKey && event.key === "f")) {
      event.preventDefault();
      toggleSearch();
    } else if (event.key === "Escape") {
      zoom(frames[0]);
      find("");
    }
  });
})();
