// Entry in the layout of a form: each row's sums and the totals of the columns as one types, as the server adds them.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const WRITTEN = /^(\d{1,3}(\.\d{3})+|\d+)$/;
  const numbered = (count) => count.toLocaleString("vi-VN");
  const table = document.querySelector("table[data-sums]");
  if (!table) return;
  const sums = JSON.parse(table.dataset.sums);
  const rows = [...table.tBodies[0].rows].map((row) => ({
    name: row.dataset.name,
    cells: new Map([...row.querySelectorAll("td[data-column]")].map((cell) => [Number(cell.dataset.column), cell])),
  }));

  function countIn(cell) {
    const input = cell.querySelector("input");
    if (!input) return cell.dataset.count === undefined ? null : Number(cell.dataset.count);
    const text = input.value.trim();
    return WRITTEN.test(text) ? Number(text.replaceAll(".", "")) : null;
  }

  function addRow({ name, cells }, sentences) {
    const open = new Map([...cells].map(([column, cell]) => [column, cell.querySelector("input")]));
    for (const input of open.values()) if (input) input.placeholder = "";
    for (const [whole, parts] of sums) {
      const counts = parts.map((part) => countIn(cells.get(part)));
      if (counts.includes(null)) continue;
      const total = counts.reduce((sum, count) => sum + count, 0);
      const typed = countIn(cells.get(whole));
      if (typed === null && open.get(whole) && !open.get(whole).value.trim()) open.get(whole).placeholder ||= numbered(total);
      if (typed === null || typed === total) continue;
      sentences.push(`${name}: cột ${whole} ghi ${numbered(typed)}, nhưng ${parts.join(" + ")} là ${numbered(total)}.`);
      if (open.get(whole)) cells.get(whole).classList.add("wrong");
    }
  }

  function add() {
    const sentences = [];
    for (const row of rows) addRow(row, sentences);
    for (const total of table.querySelectorAll("[data-total]")) {
      const counts = rows.map((row) => countIn(row.cells.get(Number(total.dataset.total)))).filter((count) => count !== null);
      total.textContent = counts.length ? numbered(counts.reduce((sum, count) => sum + count, 0)) : "–";
    }
    const list = document.querySelector("#sum-checks");
    list.replaceChildren(...sentences.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  }

  table.addEventListener("input", add);
  table.addEventListener("paste", () => setTimeout(add));
  add();
});
