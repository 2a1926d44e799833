-- Client secrets are 256 random bits: one iteration keeps them (docs/adr/0057). Gateways of before read the number from the row.
ALTER TABLE api_client DROP CONSTRAINT api_client_secret_iterations_check;
ALTER TABLE api_client ADD CONSTRAINT api_client_secret_iterations_check CHECK (secret_iterations >= 1) NOT VALID;
ALTER TABLE api_client VALIDATE CONSTRAINT api_client_secret_iterations_check;
