// corpus/lib/lines.mjs: the shape of every kind of log line.
//
// A line is a pair of texts, before and behind the session's id, since a resumed session writes old
// lines again under its own id. Knows shapes only; what to write is session.mjs's affair.
// SPDX-License-Identifier: MIT

const NUMBERS = {
  plain: (n) => `${n}`,
  text: (n) => `"${n}"`,
  float: (n) => `${n}.0`,
};

export function stamp(at) {
  return new Date(at).toISOString();
}

function cacheWrites(figures, style, n) {
  const flat = figures.cache_write_5m + figures.cache_write_1h;
  const split = (five) => `"cache_creation":{"ephemeral_5m_input_tokens":${n(five)},`
    + `"ephemeral_1h_input_tokens":${n(figures.cache_write_1h)}},`;
  const told = `"cache_creation_input_tokens":${n(flat)},`;
  switch (style.split) {
    case "flat": return told;
    case "nested": return `"cache_creation_input_tokens":0,` + split(figures.cache_write_5m);
    case "larger": return told + split(figures.cache_write_5m >> 1); // the rest is for 5 minutes
    default: return told + split(figures.cache_write_5m);
  }
}

function iterations(line) {
  const entry = (type, f, model) => `{"type":"${type}",${model ? `"model":"${model}",` : ""}`
    + `"input_tokens":${f.input},"output_tokens":${f.output},"cache_read_input_tokens":`
    + `${f.cache_read},"cache_creation_input_tokens":${f.cache_write_5m + f.cache_write_1h}}`;
  const own = entry("message", line.figures, null);
  return `,"iterations":[${own}${line.extras.map((x) => "," + entry(x.type, x.figures, x.model))
    .join("")}]`;
}

/** The usage object of a line; `moreRead` is what a replay read from the cache beyond it. */
export function usage(style, response, line, moreRead = 0) {
  const n = NUMBERS[style.numbers];
  const { figures } = line;
  let out = `{"input_tokens":${n(figures.input)},${cacheWrites(figures, style, n)}`
    + `"cache_read_input_tokens":${n(figures.cache_read + moreRead)},`
    + `"output_tokens":${n(figures.output)},"service_tier":"standard"`;
  if (style.newer || figures.web_searches > 0)
    out += `,"server_tool_use":{"web_search_requests":${figures.web_searches},`
      + `"web_fetch_requests":${figures.output % 3}}`;
  if (style.newer)
    out += `,"speed":"${response.fast ? "fast" : "standard"}",`
      + `"inference_geo":"${style.us ? "us" : "not_available"}"`;
  if (style.newer && (line.extras.length > 0 || figures.output % 4 === 0))
    out += iterations(line);
  return out + "}";
}

function message(style, response, line, moreRead) {
  const blank = style.spaced ? " " : "";
  return `{"model":${line.model === null ? "null" : `"${line.model}"`},`
    + (response.id === null ? "" : `"id":"${response.id}",`)
    + `"type":"message","role":"assistant","content":[${line.block}],"stop_reason":`
    + `${line.stop === null ? "null" : `"${line.stop}"`},"stop_sequence":null,`
    + `"usage"${blank}:${blank}${usage(style, response, line, moreRead)}}`;
}

/** The pair of a line of any type; `rest` is what follows the common head. */
export function pair(session, type, rest, side = false) {
  const blank = session.style.spaced ? " " : "";
  return [
    `{"parentUuid":"${session.parent}","isSidechain":${side},"userType":"external",`
      + `"cwd":${session.cwdText},"sessionId":"`,
    `","version":"${session.style.version}","gitBranch":"${session.branch}",${session.mark}`
      + `"type"${blank}:${blank}"${type}",${rest}}`,
  ];
}

function trailer(line) {
  return `"uuid":"${line.uuid}"` + (line.timed ? `,"timestamp":"${stamp(line.at)}"` : "");
}

/** One line of a response. `as` may change `side`, `request` and `moreRead` for replays. */
export function assistant(session, response, line, as) {
  const request = as.request ?? (line.named ? response.request : null);
  const text = message(session.style, response, line, as.moreRead);
  const named = request === null ? "" : `"requestId":"${request}",`;
  return pair(session, "assistant", `"message":${text},${named}${trailer(line)}`, as.side);
}

/** A sub-agent's line as its parent's transcript echoes it: not a bill. */
export function progress(session, response, line, agent) {
  const text = message(session.style, response, line);
  return pair(session, "progress", `"data":{"type":"agent_progress","agentId":"${agent}","message":`
    + `{"type":"assistant","requestId":"${response.request}","message":${text}}},${trailer(line)}`);
}

export function user(session, content, more = "", side = false) {
  return pair(session, "user", `"message":{"role":"user","content":${content}},${more}"uuid":`
    + `"${session.random.uuid()}","timestamp":"${stamp(session.now)}"`, side);
}

/** A tool's result, which the agent writes twice: for the model and for itself. */
export function toolResult(session, toolId, text, own, side) {
  return user(session, `[{"type":"tool_result","tool_use_id":"${toolId}","content":"${text}"}]`,
    `"toolUseResult":${own},`, side);
}

/** An error of the API, told as a message: no bill. */
export function apiError(session, words, more) {
  return pair(session, "assistant", `"message":{"id":"${session.random.uuid()}","model":`
    + `"<synthetic>","role":"assistant","stop_reason":"stop_sequence","usage":{"input_tokens":0,`
    + `"output_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,`
    + `"service_tier":null},"content":[{"type":"text","text":"${words}"}]},`
    + `"isApiErrorMessage":true,${more}"uuid":"${session.random.uuid()}",`
    + `"timestamp":"${stamp(session.now)}"`);
}
