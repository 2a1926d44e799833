-- The network's names of a lost profile find its account no more.
GRANT DELETE ON account_link TO octroi_worker;
