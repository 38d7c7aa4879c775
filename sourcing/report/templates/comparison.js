// Headings become buttons that sort their table: numbers by their full value, names by the alphabet, what is missing last.
(() => {
  "use strict";
  const before = (one, other) => {
    if (one === "" || other === "") return (one === "") - (other === "");
    return one - other || (isNaN(one) || isNaN(other) ? one.localeCompare(other) : 0);
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const falling = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", falling ? "descending" : "ascending");
        const key = (row) => row.cells[place].dataset.v;
        const sign = falling ? -1 : 1;
        const rows = [...body.rows].sort((one, other) => {
          const missing = key(one) === "" || key(other) === "";
          return (missing ? 1 : sign) * before(key(one), key(other));
        });
        body.append(...rows);
      });
    });
  }
})();
