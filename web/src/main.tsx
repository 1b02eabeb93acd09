// main.tsx: starts the state, then draws.
// SPDX-License-Identifier: MIT

import "./styles/index.css";
import { render } from "preact";
import { App } from "./app";
import { startKeys } from "./state/keys";
import { start } from "./state/start";

start();
startKeys();
render(<App />, document.getElementById("root") ?? document.body);
