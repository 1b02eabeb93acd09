CREATE TABLE sessions (id TEXT PRIMARY KEY, working_dir TEXT, updated_at TIMESTAMP, session_type TEXT, model_config_json TEXT, accumulated_total_tokens INTEGER, accumulated_input_tokens INTEGER, accumulated_output_tokens INTEGER);
INSERT INTO sessions VALUES ('s1', '/home/kim/shop', '2026-09-01 10:00:00', 'user', '{"model_name":"claude-opus-5"}', 10000000000000000, 10000000000000000, 50);
INSERT INTO sessions VALUES ('s2', '/home/kim/shop', '2026-09-01 10:00:00', 'user', '{"model_name":"claude-opus-5"}', 15, 10, 5);
