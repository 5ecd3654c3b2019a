// What those who may act can do: take an incident on, note something, announce and end planned work.
// Each order takes a token that is good once, so it is asked for right before.

import { Refused, ask, tell } from "./ask.js";
import { el, english } from "./dom.js";

let session = null;

export async function renewSession() {
  try {
    session = await ask("/session.json");
  } catch (error) {
    console.warn("session.json:", error.message);
    session = { user: null, may_act: false, token: null };
  }
  return session;
}

// A form that sends one order. `fields`: elements with a name; `content`: makes the body of what
// was entered; `done`: is given what netwatch answers.
export function orderForm({ label, en, fields, path, content, done }) {
  const said = el("p", { class: "said", role: "status" });
  const button = el("button", { type: "submit" }, `${label} `, english(en));
  const form = el("form", { class: "act", autocomplete: "off" }, ...fields, button, said);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await renewSession();
      if (!session.may_act || !session.token) throw new Refused(403, { vi: "bạn không có quyền thực hiện", en: "you may not change anything" });
      const values = Object.fromEntries(new FormData(form));
      done(await tell(path, content(values), session.token));
    } catch (error) {
      const words = error.words ?? { vi: "không gửi được, hãy thử lại", en: error.message };
      said.replaceChildren(`${words.vi} `, english(words.en));
    } finally {
      button.disabled = false;
    }
  });
  return form;
}
