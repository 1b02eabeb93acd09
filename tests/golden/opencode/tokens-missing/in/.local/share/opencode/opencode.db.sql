CREATE TABLE session (id TEXT PRIMARY KEY, project_id TEXT, parent_id TEXT, directory TEXT, title TEXT, time_created INTEGER, time_updated INTEGER);
CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER, time_updated INTEGER, data TEXT);
INSERT INTO session VALUES ('ses_1', 'p', NULL, '/home/kim/shop', 't', 1788000000000, 1788000000000);
INSERT INTO message VALUES ('msg_1', 'ses_1', 1788000000000, 1788000000000, '{"role": "assistant", "providerID": "anthropic", "modelID": "claude-opus-5", "cost": 0, "time": {"created": 1788000000000, "completed": 1788000009000}, "path": {"cwd": "/home/kim/shop", "root": "/home/kim/shop"}}');
