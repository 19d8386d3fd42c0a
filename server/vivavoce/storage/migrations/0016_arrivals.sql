-- That an application has arrived is mailed too. SQLite changes no CHECK otherwise without copying
-- every mail.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
    SET sql = replace(sql, '''result'', ''code''', '''result'', ''code'', ''application''')
    WHERE type = 'table' AND name = 'mail';
PRAGMA writable_schema = RESET;
