-- How a client proves itself to its provider; null: as the provider says.
alter table oauth_clients
    add column client_authentication text
        check (client_authentication in ('client_secret_basic', 'client_secret_post', 'private_key_jwt'));
