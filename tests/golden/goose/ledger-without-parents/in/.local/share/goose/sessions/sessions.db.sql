CREATE TABLE sessions (id TEXT PRIMARY KEY, working_dir TEXT, updated_at TIMESTAMP, session_type TEXT, model_config_json TEXT, accumulated_total_tokens INTEGER, accumulated_input_tokens INTEGER, accumulated_output_tokens INTEGER);
CREATE TABLE usage_ledger (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT, created_timestamp INTEGER, model TEXT, input_tokens INTEGER, output_tokens INTEGER, total_tokens INTEGER, cache_read_tokens INTEGER, cache_write_tokens INTEGER, cost REAL, cost_source TEXT, is_compaction INTEGER);
INSERT INTO sessions VALUES ('s1', '/home/kim/shop', '2026-09-01 10:00:00', 'user', '{"model_name":"claude-opus-5"}', NULL, NULL, NULL);
INSERT INTO usage_ledger VALUES (1, 's1', 1788256800, 'claude-opus-5', 10000, 400, 10400, 8000, 1500, 0.05, 'estimated', 0);
