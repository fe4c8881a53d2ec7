// The headers of tables become buttons that sort. Without a script the page is whole, in its first order.
"use strict";
const words = new Intl.Collator("en", { numeric: true });

for (const table of document.querySelectorAll("table.sortable")) {
  const headers = table.tHead.querySelectorAll("th");
  for (const header of headers) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => sort(table, headers, header));
  }
}

function sort(table, headers, header) {
  const numbers = header.classList.contains("number");
  const back = header.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  const value = (row) => {
    const cell = row.cells[header.cellIndex];
    return numbers ? Number(cell.dataset.sort ?? cell.textContent) : cell.textContent.trim();
  };
  const rows = [...table.tBodies[0].rows].map((row) => [value(row), row]);
  rows.sort(([one], [other]) => back * (numbers ? one - other : words.compare(one, other)));
  table.tBodies[0].append(...rows.map(([, row]) => row));
  for (const each of headers) each.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", back === 1 ? "ascending" : "descending");
}
