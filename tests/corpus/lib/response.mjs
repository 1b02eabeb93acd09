// corpus/lib/response.mjs: one invented response: what it is billed, and the lines that tell of it.
//
// A response is written as one to four lines, one per content block. Each line is a snapshot with a
// model and figures of its own; exactly one of them is the bill, and it has strictly more output
// than the others or is equal to them in everything.
// SPDX-License-Identifier: MIT

const MODELS = [
  { name: "claude-opus-5", weight: 30 },
  { name: "claude-sonnet-5", weight: 26 },
  { name: "claude-haiku-4-5-20251001", weight: 14 },
  { name: "claude-fable-5-1", weight: 8 },
  { name: "claude-opus-4-1-20250805", weight: 8 },
  { name: "claude-sonnet-4-20250514", weight: 8 },
  { name: "claude-heron-9", weight: 4 }, // no price table knows these two
  { name: "gateway/heron-mini@2031", weight: 2 },
];
const TOOLS = ["Read", "Bash", "Edit", "Grep", "Write", "Glob", "WebFetch"];
const DAY_MS = 86_400_000;
const PLACEHOLDERS = [1, 1, 2, 3, 5, 8];

export function pickModel(random) {
  return random.weighted(MODELS);
}

/** `chain` is { model, context, most }: a conversation that grows. Moves it on. */
function inventFigures(random, style, chain) {
  if (chain.context > chain.most && random.chance(0.75))
    chain.context = random.between(18_000, 40_000);
  let written = random.chance(0.08) ? 0 : random.size(700, 1.2, 60_000);
  let read = Math.max(0, chain.context - written);
  if (random.chance(0.04)) {
    written = chain.context;
    read = 0;
  }
  let hour = style.hour ? written : random.chance(0.03) ? written >> 1 : 0;
  if (style.split === "flat")
    hour = 0;
  const input = random.chance(0.6) ? random.between(1, 12) : random.between(10, 2500);
  chain.context += input + (written >> 2);
  return {
    input,
    output: random.size(180, 1.1, 32_000) + 8,
    cache_read: read,
    cache_write_5m: written - hour,
    cache_write_1h: hour,
    web_searches: random.chance(0.01) ? random.between(1, 5) : 0,
  };
}

function inventBlocks(random, text) {
  const blocks = [];
  const tools = random.pick([0, 1, 1, 1, 1, 2]);
  if (random.chance(0.35))
    blocks.push(`{"type":"thinking","thinking":"`
      + `${text.take(random, random.size(500, 0.9, 20_000))}",`
      + `"signature":"${random.letters(random.between(100, 400))}"}`);
  if (tools === 0 || random.chance(0.6))
    blocks.push(`{"type":"text","text":"${text.take(random, random.size(330, 1, 20_000))}"}`);
  const toolIds = [];
  for (let i = 0; i < tools; i++) {
    const id = "toolu_01" + random.letters(22);
    toolIds.push(id);
    blocks.push(`{"type":"tool_use","id":"${id}","name":"${random.pick(TOOLS)}","input":{"path":`
      + `"f${random.between(1, 99)}.c",`
      + `"text":"${text.take(random, random.size(360, 1.4, 30_000))}"}}`);
  }
  return { blocks, toolIds };
}

/** The server went over to another model in mid-stream: the first line is a snapshot of the other
 * one, with other figures and another amount of output. */
function fallBack(random, response) {
  const other = { ...response.bill.figures, output: response.bill.figures.output };
  other.cache_read = 0;
  other.cache_write_5m += response.bill.figures.cache_read;
  other.output = random.between(1, response.bill.figures.output - 1);
  const { lines } = response;
  // Usually the later model has said more; else the first one had.
  const loser = random.chance(0.7) ? 0 : lines.length - 1;
  for (const [i, line] of lines.entries()) {
    line.figures = i === loser ? other : response.bill.figures;
    line.model = i === loser ? "claude-haiku-4-5-20251001" : response.bill.model;
  }
}

function inventLines(session, response, blocks) {
  const { random, style } = session;
  const { figures, model } = response.bill;
  return blocks.map((block, i) => {
    const last = i === blocks.length - 1;
    const final = last || style.finals === "all";
    const line = {
      block,
      model,
      figures: final ? figures : { ...figures, output: random.pick(PLACEHOLDERS) },
      stop: last && style.stops ? (response.toolIds.length ? "tool_use" : "end_turn") : null,
      uuid: random.uuid(),
      at: session.now,
      timed: i === 0 || !random.chance(0.01),
      extras: final ? response.extras : [],
      named: style.requests === "all"
        || (style.requests === "some" && (last || random.chance(0.5))),
    };
    session.now += random.between(0, 900);
    return line;
  });
}

function inventExtras(random) {
  const advisor = random.chance(0.7);
  return [{
    type: advisor ? "advisor_message" : "compaction",
    model: advisor ? "claude-fable-5-1" : null,
    figures: {
      input: random.between(2000, 90_000), output: random.between(20, 3000),
      cache_read: random.between(0, 4000), cache_write_5m: random.between(0, 900),
      cache_write_1h: 0, web_searches: 0,
    },
  }];
}

/** Invents the next response of a chain, moves the session's time over it and enters the bill. */
export function inventResponse(session, chain) {
  const { random, style, truth } = session;
  const { blocks, toolIds } = inventBlocks(random, session.text);
  if (style.ids === "uuid")
    blocks.length = 1; // nothing would tie several lines together
  const figures = inventFigures(random, style, chain);
  const response = {
    id: style.ids === "message" ? "msg_01" + random.letters(22) : null,
    request: "req_011C" + random.letters(20),
    bill: { model: random.chance(0.001) ? null : chain.model, figures },
    fast: style.newer && chain.model === "claude-opus-5" && random.chance(0.03),
    extras: style.newer && random.chance(0.01) ? inventExtras(random) : [],
    toolIds,
  };
  session.now += random.size(5000, 0.8, 600_000);
  const midnight = blocks.length > 1 && random.chance(0.01);
  if (midnight) {
    session.now = Math.ceil(session.now / DAY_MS) * DAY_MS - 1; // its lines lie on two days
    truth.trap("across_midnight");
  }
  response.lines = inventLines(session, response, blocks);
  session.now += random.between(1, 900);
  if (response.lines.length > 1 && style.finals === "last" && !response.extras.length
      && random.chance(0.01)) {
    fallBack(random, response);
    truth.trap("fallback");
  }
  if (response.lines.length > 1 && random.chance(midnight ? 0.5 : 0.03)) {
    response.backwards = true;
    truth.trap("backwards");
  }
  chain.context += figures.output;
  return response;
}

/** Enters what a response costs, once. */
export function enterBill(truth, response) {
  const at = response.lines[0].at;
  const model = response.bill.model ?? "unknown";
  truth.bill(at, model, response.bill.figures);
  for (const extra of response.extras) {
    truth.bill(at, extra.model ?? model, extra.figures);
    truth.trap("extra_bill");
  }
}
