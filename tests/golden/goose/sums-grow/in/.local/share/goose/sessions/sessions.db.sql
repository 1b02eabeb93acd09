CREATE TABLE sessions (id TEXT PRIMARY KEY, working_dir TEXT, updated_at TIMESTAMP, session_type TEXT, model_config_json TEXT, accumulated_total_tokens INTEGER, accumulated_input_tokens INTEGER, accumulated_output_tokens INTEGER);
INSERT INTO sessions VALUES ('s1', '/home/kim/shop', '2026-09-01 10:00:00', 'user', '{"model_name":"claude-opus-5"}', 150, 100, 50);
UPDATE sessions SET accumulated_total_tokens = 400, accumulated_input_tokens = 300, accumulated_output_tokens = 100;
UPDATE sessions SET accumulated_total_tokens = 1000, accumulated_input_tokens = 800, accumulated_output_tokens = 200;
