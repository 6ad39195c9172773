// The grid of a week: arrow keys and Enter between cells, Ctrl+Enter to send, a block pasted from Excel, checks while typing, what waits.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const grid = document.querySelector("table[data-checks]");
  if (!grid) return;
  const checks = JSON.parse(grid.dataset.checks);
  const rows = [...grid.tBodies[0].rows].map((row) => [...row.querySelectorAll("td")]);
  const inputAt = (row, column) => rows[row]?.[column]?.querySelector("input:not([readonly])");
  const placeOf = (cell) => {
    const row = rows.findIndex((cells) => cells.includes(cell));
    return [row, rows[row].indexOf(cell)];
  };

  // The next cell that can be filled in, in a direction.
  function move(cell, down, right) {
    let [row, column] = placeOf(cell);
    do [row, column] = [row + down, column + right];
    while (rows[row]?.[column] && !inputAt(row, column));
    inputAt(row, column)?.select();
    inputAt(row, column)?.focus();
  }

  grid.addEventListener("keydown", (event) => {
    const input = event.target;
    if (event.key === "Enter" && event.ctrlKey && input.matches("input")) input.form.requestSubmit();
    if (!input.matches("input") || event.altKey || event.ctrlKey || event.metaKey) return;
    const [start, end] = [input.selectionStart, input.selectionEnd];
    const steps = {
      ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0],
      ArrowLeft: start === 0 ? [0, -1] : null,
      ArrowRight: end === input.value.length ? [0, 1] : null,
    };
    if (!steps[event.key]) return;
    event.preventDefault();
    move(input.closest("td"), ...steps[event.key]);
  });

  // Who entered the cell, when and why; of an empty one the last count.
  const about = document.querySelector("#cell-who");
  if (about) grid.addEventListener("focusin", (event) => {
    const cell = event.target.closest("td");
    const column = cell && placeOf(cell)[1] + 1;
    const ofDay = cell?.dataset.count && grid.tHead.rows[0].cells[column]?.dataset.who;
    const name = cell?.parentElement.cells[0].firstChild.textContent.trim();
    about.textContent = cell?.dataset.who || (ofDay ? `${name}, ${ofDay}` : cell?.parentElement.dataset.who) || "";
  });

  grid.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    if (!event.target.matches("input") || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const [top, left] = placeOf(event.target.closest("td"));
    text.split(/\r?\n/).forEach((line, down) => line.split("\t").forEach((value, right) => {
      const input = inputAt(top + down, left + right);
      if (input) input.value = value.trim();
    }));
    check();
  });

  const WRITTEN = /^(\d{1,3}(\.\d{3})+|\d+)$/;
  const countOf = (text) => (WRITTEN.test(text) ? Number(text.replaceAll(".", "")) : null);
  const numbered = (count) => count.toLocaleString("vi-VN");

  function check() {
    const sentences = [];
    const far = [];
    const counts = new Map();
    for (const cell of rows.flat()) {
      const input = cell.querySelector("input");
      const text = input ? input.value.trim() : cell.dataset.count || "";
      const isWrong = Boolean(text) && countOf(text) === null;
      if (input) {
        cell.classList.toggle("wrong", isWrong);
        input.toggleAttribute("aria-invalid", isWrong);
        if (isWrong) input.setAttribute("aria-invalid", "true");
      }
      if (isWrong) sentences.push(`${input.getAttribute("aria-label")}: “${text}” phải là một số nguyên, như 12 hoặc 1.250.`);
      else if (text) counts.set(cell.dataset.cell, countOf(text));
      if (!input) continue;
      const { least, most, usual } = { ...cell.parentElement.dataset, ...cell.dataset };
      const isFar = Boolean(text && usual && !isWrong) && (countOf(text) < Number(least) || countOf(text) > Number(most));
      cell.classList.toggle("far", isFar);
      if (isFar) far.push(`${input.getAttribute("aria-label")}: ${text} ${usual}. Nếu số đúng thì cứ gửi.`);
    }
    for (const day of grid.dataset.days.split(" ")) {
      for (const { name, part, whole } of checks) {
        const values = [...part, ...whole].map((measure) => counts.get(`${measure}.${day}`));
        if (values.includes(undefined)) continue;
        const sum = (some) => some.reduce((total, count) => total + count, 0);
        const [parts, wholes] = [sum(values.slice(0, part.length)), sum(values.slice(part.length))];
        if (parts > wholes) sentences.push(`${day.split("-").reverse().map(Number).join("/")}: ${name}: phần ${numbered(parts)} lớn hơn tổng ${numbered(wholes)}.`);
      }
    }
    const list = document.querySelector("#grid-checks");
    const item = (className) => (textContent) => Object.assign(document.createElement("li"), { className, textContent });
    list.replaceChildren(...sentences.map(item("")), ...far.map(item("far")));
  }

  // A cell that waits in the outbox keeps its count, and is not typed twice.
  Outbox.watch((items) => {
    const { pathname, search } = new URL(grid.closest("form").action);
    const here = items.filter((item) => item.account === Outbox.account && item.path === pathname + search);
    for (const mark of grid.querySelectorAll(".waits")) mark.textContent = "đã gửi; hãy tải lại trang";
    for (const item of here) {
      for (const [name, value] of item.fields) {
        const input = value && document.getElementById(name);
        if (!input || !grid.contains(input)) continue;
        input.value = value;
        input.readOnly = true;
        const mark = input.parentElement.querySelector(".waits") || document.createElement("span");
        mark.className = "state waits";
        mark.textContent = item.state === "refused" ? "✗ bị từ chối" : "… chờ gửi";
        input.after(mark);
      }
    }
    check();
  });

  grid.addEventListener("input", check);
  check();
});
