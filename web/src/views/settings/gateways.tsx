// views/settings/gateways.tsx: gateways are named, changed and removed here.
//
// A secret is written once and never shown again: an empty field keeps what is there.
// SPDX-License-Identifier: MIT

import { useState } from "preact/hooks";
import { remove, sendJson } from "../../api/http";
import type { Gateway } from "../../api/types";
import { GATEWAYS_PATH } from "../../parts/account-name";
import { GatewayStateWord } from "../../parts/gateway-state";
import { Icon } from "../../parts/icon";
import { bump, isMissing, useDocument } from "../../state/documents";
import { viewHref } from "../../state/route";
import { refusal } from "../../state/settings";
import { Option, Section } from "./section";

const NEW = "new";

async function send(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    refusal.value = null;
  } catch (error) {
    refusal.value = (error as Error).message;
  }
  bump("gateways");
  return refusal.value === null;
}

function pathOf(gateway: Gateway): string {
  return `${GATEWAYS_PATH}/${encodeURIComponent(gateway.id)}`;
}

export function GatewaySettings() {
  const doc = useDocument<Gateway[]>(GATEWAYS_PATH, "gateways");
  const [edited, setEdited] = useState<string | null>(null);
  const done = (): void => setEdited(null);
  return (
    <Section
      id="gateways" title="Gateways" about="A token is written once and never shown again."
    >
      {isMissing(doc) && <p class="card-foot">This daemon does not talk to gateways.</p>}
      {(doc.data ?? []).map((g) => (
        <div key={g.id}>
          <Option title={g.name} about={<a href={viewHref("gateways", g.id)}>{g.url}</a>}>
            <GatewayStateWord state={g.state} />
            <button
              class="button" type="button" aria-expanded={edited === g.id}
              aria-label={`Edit ${g.name}`} onClick={() => setEdited(edited === g.id ? null : g.id)}
            >
              Edit
            </button>
          </Option>
          {edited === g.id && <Form gateway={g} onDone={done} />}
        </div>
      ))}
      {doc.data !== null && edited !== NEW && (
        <div class="more">
          <button class="button quiet" type="button" onClick={() => setEdited(NEW)}>
            <Icon name="plus" />Add a gateway
          </button>
        </div>
      )}
      {edited === NEW && <Form gateway={null} onDone={done} />}
    </Section>
  );
}

const LIMITS = ["output_tokens", "cost_usd"];

/** What was filled in; limits are numbers and stand together. */
function fieldsOf(form: HTMLFormElement): Record<string, unknown> {
  const texts = [...new FormData(form)]
    .filter((pair): pair is [string, string] => typeof pair[1] === "string" && pair[1] !== "");
  const limits = texts.filter(([name]) => LIMITS.includes(name)).map(([name, n]) => [name, Number(n)]);
  const fields = Object.fromEntries(texts.filter(([name]) => !LIMITS.includes(name)));
  return limits.length === 0 ? fields : { ...fields, limits: Object.fromEntries(limits) };
}

function Form({ gateway, onDone }: { gateway: Gateway | null; onDone: () => void }) {
  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const fields = fieldsOf(event.currentTarget as HTMLFormElement);
    const isSaved = await send(gateway === null
      ? sendJson("POST", GATEWAYS_PATH, { ...fields, enabled: true })
      : sendJson("PATCH", pathOf(gateway), fields));
    if (isSaved)
      onDone();
  }

  return (
    <form class="form" onSubmit={(event) => void save(event)} aria-label={gateway?.name ?? "New gateway"}>
      <Field label="Name" name="name" value={gateway?.name ?? ""} required />
      <Field
        label="Address" name="url" value={gateway?.url ?? ""} required
        placeholder="ws://10.0.0.12:18789"
      />
      <Field label="Token" name="token" secret placeholder={gateway === null ? "" : "unchanged"} />
      <Field label="or password" name="password" secret placeholder="" />
      <Field label="Limit: output tokens in 5 hours" name="output_tokens" number />
      <Field label="Limit: dollars in 5 hours" name="cost_usd" number />
      <div class="ctl">
        <button class="button primary" type="submit">Save</button>
        <button class="button quiet" type="button" onClick={onDone}>Cancel</button>
        {gateway !== null && <Existing gateway={gateway} onDone={onDone} />}
      </div>
    </form>
  );
}

interface FieldProps {
  label: string;
  name: string;
  value?: string;
  placeholder?: string;
  required?: boolean;
  secret?: boolean;
  number?: boolean;
}

function Field({ label, name, value = "", secret = false, number = false, ...rest }: FieldProps) {
  const kind = secret ? { type: "password", autoComplete: "new-password" } as const
    : number ? { type: "number", min: 0, step: "any" } as const
      : { type: "text", autoComplete: "off" } as const;
  return (
    <label class="field">
      <span>{label}</span>
      <input
        class="input" name={name} defaultValue={value} {...kind} {...rest}
      />
    </label>
  );
}

/** Removing asks once more, in place. */
function Existing({ gateway, onDone }: { gateway: Gateway; onDone: () => void }) {
  const [sure, setSure] = useState(false);
  const isOff = gateway.state === "disabled";

  async function finish(work: Promise<unknown>): Promise<void> {
    if (await send(work))
      onDone();
  }

  return (
    <>
      <button
        class="button quiet" type="button"
        onClick={() => void finish(sendJson("PATCH", pathOf(gateway), { enabled: isOff }))}
      >
        {isOff ? "Switch on" : "Switch off"}
      </button>
      <button
        class="button quiet danger" type="button"
        onClick={() => (sure ? void finish(remove(pathOf(gateway))) : setSure(true))}
      >
        {sure ? `Really remove ${gateway.name}` : "Remove"}
      </button>
    </>
  );
}
