// The totals on paper: their sums as one types, as the server adds them up too.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const WRITTEN = /^(\d{1,3}(\.\d{3})+|\d+)$/;
  const numbered = (count) => count.toLocaleString("vi-VN");

  for (const table of document.querySelectorAll("table[data-sums]")) {
    const sums = JSON.parse(table.dataset.sums);
    const cells = new Map([...table.querySelectorAll("td[data-column]")].map((cell) => [Number(cell.dataset.column), cell]));

    function countIn(column) {
      const text = cells.get(column).querySelector("input").value.trim();
      return WRITTEN.test(text) ? Number(text.replaceAll(".", "")) : null;
    }

    function remarksOf(column) {
      const found = [];
      const typed = countIn(column);
      for (const [whole, parts] of sums) {
        const counts = parts.map(countIn);
        if (whole !== column || counts.includes(null)) continue;
        const total = counts.reduce((sum, count) => sum + count, 0);
        found.push([`${parts.join(" + ")} = ${numbered(total)}`, typed !== null && typed !== total]);
      }
      const known = cells.get(column).dataset.count;
      const difference = typed - Number(known);
      if (typed !== null && known !== undefined && difference) found.push([`lệch ${difference > 0 ? "+" : "−"}${numbered(Math.abs(difference))}`, false]);
      return found;
    }

    function add() {
      for (const [column, cell] of cells) {
        const input = cell.querySelector("input");
        const remarks = remarksOf(column);
        const isWrong = Boolean(input.value.trim() && countIn(column) === null) || remarks.some(([, wrong]) => wrong);
        cell.classList.toggle("wrong", isWrong);
        if (isWrong) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
        cell.querySelector("output").replaceChildren(...remarks.map(([text, wrong]) =>
          Object.assign(document.createElement("span"), { textContent: text, className: wrong ? "error small" : "quiet small" })));
      }
    }

    table.addEventListener("input", add);
    add();
  }
});
