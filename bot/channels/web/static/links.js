/* Turns phone numbers and https addresses of a plain text into links, as nodes, never as HTML.
   "17" is the police, but also a day, an hour or a house: a short number becomes a link only where
   it can hardly be anything else. A missed link costs three keystrokes; a wrong one may call the police. */

const GAP = "[ .\\-\\u00a0\\u202f]?";
const FOUND = new RegExp(
  "https://[^\\s<>\"'\\u2066-\\u2069]+" +
    "|\\+33" + GAP + "(?:\\(0\\))?" + GAP + "[1-9](?:" + GAP + "\\d){8}" +
    "|0(?:" + GAP + "\\d){9}" +
    "|116[ \\u00a0\\u202f]?(?:000|006|111|117)" +
    "|39[ \\u00a0\\u202f]19|31[ \\u00a0\\u202f]14|3[0169]\\d\\d" +
    "|11[2-9]|1[578]",
  "g"
);
const INVISIBLE = /[\u200e\u200f\u061c\u2066-\u2069]/g;
// "Call", "dial", "number" in the languages spoken here, earlier in the same sentence.
const CALL =
  /(?:appel|compos|num[ée]r|t[ée]l[ée]ph|\bcall|\bdial|\bring|phone|اتصل|اتّصل|رقم|هاتف|llam|marqu|ligue|lig[ao]|sun[aă]|apel|\bara|звон|набер|телефон|дзвон|تماس|زنگ|زنګ|شمار|ደውል|ደዉል|ቁጽሪ|telefon|merr|զանգ)[^.!?؟\n]{0,60}$/i;
const GRAVE = /(?:urgence|emergency|خطيرة)[^.!?؟\n]{0,20}:\s*(?:le\s)?$/i;
// Beside 112 a short number is never a day: "le 15 ou le 112".
const OR = "\\s*(?:ou|or|et|and|أو|و)\\s*(?:le\\s+|the\\s+)?";
const PAIRED_AFTER = new RegExp("^" + OR + "11[24](?!\\d)", "i"), PAIRED_BEFORE = new RegExp("(?:^|\\D)11[24]" + OR + "$", "i");
const ENDS = /^\s*(?:$|[.,;:!?()\[\]–—/،؛؟\n\u00bb»"”]|(?:ou|or|et|and|أو|و|o|y|e|sau|și|veya|ve|или|и|або|та|یا|و|يا|او|ወይ|ose|dhe|կամ|և)(?![\p{L}]))/iu;
const MEASURE = /^(?:\s*(?:€|%|°|euro|eur\b|يورو|m²|km\b|h\b|[.,:/]?\d)|\s*,?\s*(?:bis|ter|rue|av\b|avenue|bd\b|boulevard|place|cours|chemin|route|all[ée]e|quai|impasse|mont[ée]e)(?![\p{L}]))/iu;
const NAMED = /(?:\bbus|ligne|line|tram|n°|№|\bart|article|\bL\.?)\s*$/i;

function means(found, before, after) {
  if (found.startsWith("https:")) return found;
  if (/[\d+a-z]$/i.test(before) || /\d[.,:/]$/.test(before) || /^\d/.test(after)) return null;
  const digits = found.replace("(0)", "").replace(/[^\d+]/g, "");
  if (digits.length < 7) {
    if (MEASURE.test(after) || NAMED.test(before)) return null;
    if (digits.length > 2 || PAIRED_AFTER.test(after)) return "tel:" + digits;
    const called = CALL.test(before) || GRAVE.test(before) || PAIRED_BEFORE.test(before);
    if (!called || !ENDS.test(after)) return null;
  }
  return "tel:" + digits;
}

/** Fills `box` with `text`, its numbers and addresses being links. */
export function fill(box, text) {
  box.textContent = "";
  let done = 0;
  for (const hit of text.match(FOUND) ? matches(text) : []) {
    const found = hit.found;
    const before = text.slice(Math.max(0, hit.at - 90), hit.at).replace(INVISIBLE, "");
    const after = text.slice(hit.at + found.length, hit.at + found.length + 30).replace(INVISIBLE, "");
    const href = means(found, before, after);
    if (!href) continue;
    box.append(text.slice(done, hit.at));
    const link = document.createElement("a");
    link.href = href;
    link.rel = "noreferrer";
    link.dir = "ltr";
    link.textContent = found;
    box.append(link);
    done = hit.at + found.length;
  }
  box.append(text.slice(done));
}

function* matches(text) {
  FOUND.lastIndex = 0;
  for (let m = FOUND.exec(text); m; m = FOUND.exec(text)) {
    // The full stop or bracket after an address belongs to the sentence.
    const found = m[0].startsWith("https:") ? m[0].replace(/[.,;:!?)\]»”،؛؟]+$/, "") : m[0];
    yield { found, at: m.index };
  }
}
