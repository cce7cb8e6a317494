-- Makes the database `offhook` and its two roles. Run once, as a superuser, with PostgreSQL 15 or newer:
--
--   OFFHOOK_OWNER_PASSWORD=... OFFHOOK_APP_PASSWORD=... psql -d postgres -f set-up.sql
--
-- offhook_owner  owns the tables and changes them when a new version is taken up.
-- offhook        is what the gateway works as: it owns nothing and cannot pass row-level security.
\set ON_ERROR_STOP on
\getenv owner_password OFFHOOK_OWNER_PASSWORD
\getenv app_password OFFHOOK_APP_PASSWORD

CREATE ROLE offhook_owner LOGIN PASSWORD :'owner_password'
  NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE ROLE offhook LOGIN PASSWORD :'app_password'
  NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- Names are folded by the gateway; "C" sorts them as it does itself, and lets LIKE 'x%' use an index.
CREATE DATABASE offhook OWNER offhook_owner
  TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';
REVOKE ALL ON DATABASE offhook FROM PUBLIC;
GRANT CONNECT ON DATABASE offhook TO offhook;

\connect offhook
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO offhook;
-- What offhook may do with each table the gateway itself grants, whenever it has changed the tables.
