// Shows the outbox: what waits, what was refused and why; each item is sent again, saved to a file or thrown away by hand.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const list = document.querySelector("#outbox");
  const [row, empty] = [document.querySelector("#outbox-row"), document.querySelector("#outbox-empty")];
  const moment = (text) => new Date(text).toLocaleString("vi-VN");

  function shown(item) {
    const part = row.content.cloneNode(true);
    const link = part.querySelector("a");
    link.textContent = item.title;
    link.href = item.path;
    part.querySelector("[data-made]").textContent = moment(item.made_at);
    const tag = part.querySelector(".tag");
    const foreign = item.account !== Outbox.account;
    tag.textContent = item.state === "refused" ? "✗ bị từ chối" : "⏳ chờ gửi";
    tag.classList.add(item.state === "refused" ? "bad" : "warn");
    part.querySelector("[data-sentence]").textContent = foreign ? `Của tài khoản ${item.account}; chỉ tài khoản đó gửi được.` : item.sentence;
    part.querySelector("dl").replaceChildren(...fieldsOf(item));
    const [again, remove] = part.querySelectorAll("button");
    again.hidden = foreign || item.state === "refused";
    again.addEventListener("click", () => Outbox.flush());
    remove.addEventListener("click", async () => {
      if (!window.confirm("Xóa hẳn bài chưa gửi này khỏi máy?")) return;
      await Outbox.remove(item.id);
      await Outbox.changed();
    });
    return part;
  }

  function fieldsOf(item) {
    return item.fields
      .filter(([name, value]) => value && name !== "lan-gui" && !name.startsWith("so."))
      .flatMap(([name, value]) => [["dt", name], ["dd", value]])
      .map(([kind, text]) => Object.assign(document.createElement(kind), { textContent: text }));
  }

  Outbox.watch((items) => {
    empty.hidden = items.length > 0;
    document.querySelector("#outbox-save").hidden = !items.length;
    list.replaceChildren(...items.map(shown));
  });

  document.querySelector("#outbox-save").addEventListener("click", async () => {
    const content = JSON.stringify({ server: location.origin, items: await Outbox.all() }, null, 2);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
    link.download = "hop-cho-gui.json";
    link.click();
    URL.revokeObjectURL(link.href);
  });
});
