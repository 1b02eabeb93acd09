CREATE TABLE something(a, b);
