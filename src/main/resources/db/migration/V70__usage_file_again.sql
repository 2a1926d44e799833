-- A file with rejected rows may come again, once what rejected them is put right: its tallies are those of the last reading.
GRANT UPDATE ON usage_file TO octroi_worker;
